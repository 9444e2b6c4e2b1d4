/** @file Builds and opens bench-page/, in which the project's own code runs on a browser's devices. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import { launch } from "./chromium.ts";
import { sayNotice } from "./say-notice.ts";
import { serve } from "./server.ts";
import { CACHE, ROOT } from "./site.ts";
import { models } from "./vite/models.ts";

export interface BenchPageOptions {
  readonly progress?: (share: number) => void;
  /** Adds files to the folder that is served. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/** Runs `work` on the page, which is closed afterwards. */
export async function onBenchPage<T>(
  device: "wasm" | "webgpu",
  work: (page: Page) => Promise<T>,
  { progress = () => undefined, prepare }: BenchPageOptions = {},
): Promise<T> {
  const outDir = join(CACHE, "bench-page");
  await build({
    configFile: false,
    root: join(ROOT, "scripts/bench-page"),
    base: "./",
    logLevel: "error",
    plugins: [models(join(ROOT, "models"))],
    build: { outDir, emptyOutDir: true, target: "esnext", assetsInlineLimit: 0, reportCompressedSize: false },
  });
  await prepare?.(outDir);
  const server = await serve(outDir);
  const browser = await launch({ webgpu: device === "webgpu" });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.exposeFunction("benchProgress", progress);
    await page.exposeFunction("benchNotice", sayNotice);
    await page.goto(server.url);
    return await work(page);
  } finally {
    await browser.close();
    await server.close();
  }
}
