/** @file The engine in Chromium, on wasm and on WebGPU (SwiftShader), against the engine in Node; and that a wrong device is refused. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { CACHE, ROOT } from "../../scripts/site.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/ort-node.ts";
import { expectAgreement, expectBatchIndependence } from "../engine/judge-suite.ts";
import { RANDOM_ENTRY } from "../engine/random-entry.ts";
import { randomLlama } from "../engine/random-llama.ts";
import { engineSuite, type SuiteResult } from "../engine/suite.ts";

const foreign: string[] = [];
let site: SiteServer;
let browser: Browser;
let page: Page;
let node: SuiteResult;

beforeAll(async () => {
  const root = join(ROOT, "tests", "engine");
  const outDir = join(CACHE, "engine-page");
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
      rolldownOptions: { input: join(root, "page.html") },
    },
  });
  site = await serve(outDir);
  browser = await launch({ webgpu: true });
  page = await browser.newPage();
  await page.route(
    ({ origin }) => origin !== new URL(site.url).origin,
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  await page.goto(`${site.url}page.html`);
  const model = await createLanguageModel({ runtime: await nodeRuntime(), files: randomLlama(), entry: RANDOM_ENTRY });
  node = await engineSuite(model);
  await model.dispose();
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

test.each(["wasm", "webgpu"] as const)("%s passes its self-test and gives what Node gives", async (device) => {
  const found = await page.evaluate((name) => window.runSuite(name), device);
  expect(found.device).toBe(device);
  if (device === "webgpu") expect(found.adapter?.vendor).not.toBe("");
  else expect(found.adapter).toBeNull();
  expectBatchIndependence(found);
  expectAgreement(found, node);
});

test("a device with subgroups that are too small is refused by the self-test", async () => {
  const size = await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.subgroupMinSize);
  // Meaningful on SwiftShader, which the tests ask for; hardware has larger subgroups and must pass.
  const refusal = await page.evaluate(() => window.refusalWithSubgroups());
  if (size !== undefined && size < 8) expect(refusal).toMatchObject({ code: "self-test-failed" });
  else expect(refusal).toBeNull();
});

test("a device that is lost under a generation is named, and nothing hangs", async () => {
  expect(await page.evaluate(() => window.loseDevice())).toBe("device-lost");
});

test("nothing was fetched from elsewhere", () => {
  expect(foreign).toEqual([]);
});
