/** @file The trainer in Chromium, on wasm and on WebGPU (SwiftShader), against the trainer in Node, and its gradient against jax-js. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { expectAdamW } from "../train/judge-adamw.ts";
import { expectSameTraining, expectTrained } from "../train/judge-suite.ts";
import { trainSuite } from "../train/suite.ts";
import { openPageSite, type PageSite } from "./page-site.ts";

let site: PageSite;
let page: Page;

beforeAll(async () => {
  site = await openPageSite("page", "train");
  ({ page } = site);
});

afterAll(() => site.close());

test("the gradient of the whole loss is that of jax-js", async () => {
  const { losses, relative, each } = await page.evaluate(() => window.compareWithJax());
  expect(losses[0]).toBeCloseTo(losses[1], 5);
  expect(relative).toBeLessThanOrEqual(1e-5);
  for (const [name, one] of Object.entries(each)) expect(one, name).toBeLessThanOrEqual(1e-4);
});

test.each(["wasm", "webgpu"] as const)(
  "%s trains as Node does, in place, resumable, on numbers alone",
  async (device) => {
    const found = await page.evaluate((on) => window.runTrainSuite(on), device);
    expectTrained(found);
    expectSameTraining(found, await trainSuite(await nodeRuntime()));
  },
);

test("AdamW on the GPU", async () => {
  expectAdamW(await page.evaluate(() => window.runAdamW()));
});

test("buffers and memory do not grow in 200 steps", async () => {
  const { buffers, bytes, left } = await page.evaluate(() => window.countTrainBuffers(200));
  expect(buffers).toHaveLength(200);
  expect(new Set(buffers.slice(2)).size, `live buffers: ${buffers.join(", ")}`).toBe(1);
  expect(new Set(bytes.slice(2)).size, `bytes: ${bytes.join(", ")}`).toBe(1);
  expect(left).toBe(0);
});

test("a device that is lost ends the training with a word, and takes nothing with it", async () => {
  expect(await page.evaluate(() => window.loseTraining())).toEqual(Array(3).fill("device-lost"));
});

test("nothing was fetched from elsewhere", () => {
  expect(site.foreign).toEqual([]);
});
