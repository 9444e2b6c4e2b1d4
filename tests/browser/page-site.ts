/** @file A page of tests/engine or tests/train, built and served, in a Chromium with WebGPU; what it asks of other origins is refused and kept. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import { launch } from "../../scripts/chromium.ts";
import { serve } from "../../scripts/server.ts";
import { CACHE, ROOT } from "../../scripts/site.ts";

export interface PageSite {
  readonly page: Page;
  /** Addresses elsewhere that were asked for. */
  readonly foreign: readonly string[];
  close(): Promise<void>;
}

/** @param name of the HTML file, without its ending */
export async function openPageSite(name: string, folder: "engine" | "train" = "engine"): Promise<PageSite> {
  const root = join(ROOT, "tests", folder);
  const outDir = join(CACHE, `${folder}-${name}`);
  await build({
    configFile: false,
    logLevel: "error",
    root,
    base: "./",
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: "esnext",
      minify: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, `${name}.html`) },
    },
  });
  const site = await serve(outDir);
  const browser = await launch({ webgpu: true });
  const page = await (await browser.newContext()).newPage();
  const foreign: string[] = [];
  await page.route(
    ({ origin }) => origin !== new URL(site.url).origin,
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  await page.goto(`${site.url}${name}.html`);
  const close = async (): Promise<void> => {
    await browser.close();
    await site.close();
  };
  return { page, foreign, close };
}
