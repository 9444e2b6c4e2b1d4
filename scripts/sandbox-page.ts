/** @file Builds and opens sandbox-page/, in which programs run as they do in the product: in a frame without an origin. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import type { CodeRunner } from "../src/cat/models.ts";
import type { Outcome } from "../src/verify/code/outcome.ts";
import { launch, type LaunchOptions } from "./chromium.ts";
import { openSession, type PageSession } from "./page-session.ts";
import { serve } from "./server.ts";
import { CACHE, ROOT } from "./site.ts";
import { sandbox } from "./vite/sandbox.ts";

export interface SandboxPage extends PageSession {
  /** Of no more use once the process of a frame has crashed: then there is `evaluate`. */
  readonly page: Page;
  readonly url: string;
  /** Runs programs on the page. */
  readonly runner: CodeRunner;
  readonly close: () => Promise<void>;
}

/** The caller closes it. */
export async function openSandboxPage(options: LaunchOptions = { webgpu: false }): Promise<SandboxPage> {
  const outDir = join(CACHE, "sandbox-page");
  await build({
    configFile: false,
    root: join(ROOT, "scripts/sandbox-page"),
    base: "./",
    logLevel: "error",
    publicDir: false,
    plugins: [sandbox()],
    worker: { format: "es" },
    build: { outDir, emptyOutDir: true, target: "esnext", reportCompressedSize: false, modulePreload: false },
  });
  const server = await serve(outDir);
  const browser = await launch(options);
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => "runProgram" in globalThis);
    const { evaluate } = await openSession(browser, server.url);
    const runner: CodeRunner = {
      async run(program, inputs, stop) {
        stop?.throwIfAborted();
        const outcomes = await evaluate(`runProgram(${JSON.stringify(program)}, ${JSON.stringify(inputs)})`);
        return outcomes as readonly Outcome[];
      },
    };
    return { page, url: server.url, evaluate, runner, close };
  } catch (error) {
    await close();
    throw error;
  }
}
