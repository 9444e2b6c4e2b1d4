/** @file The engine in Chromium, on wasm and on WebGPU (SwiftShader), against the engine in Node; and that a wrong device is refused. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/site.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { expectAgreement, expectBatchIndependence, expectSameRow } from "../engine/judge-suite.ts";
import { expectSharedGraph } from "../engine/judge-weights.ts";
import { loadKitten } from "../engine/kitten.ts";
import { RANDOM_ENTRY } from "../engine/random-entry.ts";
import { randomLlama } from "../engine/random-llama.ts";
import { engineSuite, type SuiteResult } from "../engine/suite.ts";
import { openPageSite, type PageSite } from "./page-site.ts";

let site: PageSite;
let page: Page;
/** What Node gives, by model. */
const node: Partial<Record<"random" | "kitten", SuiteResult>> = {};

beforeAll(async () => {
  site = await openPageSite("page");
  ({ page } = site);
  await page.route(
    ({ pathname }) => pathname.startsWith("/models/"),
    (route) => route.fulfill({ path: join(ROOT, new URL(route.request().url()).pathname) }),
  );
  const runtime = await nodeRuntime();
  const random = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
  const kitten = await loadKitten(runtime);
  for (const [name, model] of Object.entries({ random, kitten })) {
    node[name as keyof typeof node] = await engineSuite(model);
    await model.dispose();
  }
});

afterAll(() => site.close());

test.each([
  ["wasm", "random"],
  // The embedded model as it ships. Its steps are too slow on a software adapter to be repeated here; tests/e2e runs them.
  ["wasm", "kitten"],
  ["webgpu", "random"],
] as const)("%s passes its self-test with the %s model and gives what Node gives", async (device, name) => {
  const found = await page.evaluate(([on, model]) => window.runSuite(on, model), [device, name] as const);
  expect(found.device).toBe(device);
  if (device === "webgpu") expect(found.adapter?.vendor).not.toBe("");
  else expect(found.adapter).toBeNull();
  expectBatchIndependence(found);
  expectAgreement(found, node[name]!);
});

test("a policy in training and its frozen start share a graph, each with its own weights; nothing is left of them", async () => {
  const { found, left } = await page.evaluate(() => window.runWeights());
  expectSharedGraph(found);
  expect(left).toBe(0);
});

test("a command that the GPU refuses ends the generation instead of spoiling it", async () => {
  expect(await page.evaluate(() => window.provokeGpuError())).toBe("unexpected");
});

test("GPU buffers do not pile up over fifty runs, also when a generation is left half-way", async () => {
  const { afterEach, afterDispose } = await page.evaluate(() => window.countBuffers());
  expect(new Set(afterEach.slice(1)).size, `live buffers: ${afterEach.join(", ")}`).toBe(1);
  expect(afterDispose).toBe(0);
});

test("a device lost in mid-run, or memory that is full, costs time and not a token", async () => {
  const { undisturbed, deviceLost, memoryFull, codeForGood } = await page.evaluate(() => window.disturb());
  expect(undisturbed.notices).toEqual([]);
  expect(deviceLost.notices).toEqual(["device-renewed", "device-renewed"]);
  // What cannot be had again is named, and nothing hangs.
  expect(codeForGood).toBe("device-lost");
  expect(memoryFull.notices).toEqual(["fewer-rows", "fewer-rows"]);
  for (const disturbed of [deviceLost, memoryFull]) {
    for (const [i, row] of undisturbed.rows.entries()) expectSameRow(disturbed.rows[i]!, row);
    for (const [i, row] of undisturbed.decided.entries()) {
      for (const [j, p] of row.entries()) expect(disturbed.decided[i]![j]).toBeCloseTo(p, 5);
    }
  }
});

test("weights that were lost with the device say so, and the graph takes new ones", async () => {
  const { codes, before, after } = await page.evaluate(() => window.loseWeights());
  expect(codes).toEqual(Array(4).fill("device-lost"));
  expect(after.length).toBeGreaterThan(10);
  for (const [i, logprob] of after.entries()) expect(logprob).toBeCloseTo(before[i]!, 5);
});

test("a device with subgroups that are too small is refused by the self-test", async () => {
  const size = await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.subgroupMinSize);
  const refusal = await page.evaluate(() => window.refusalWithSubgroups());
  // SwiftShader has 4, and attention over 32 tokens and more is then wrong. Hardware has larger ones and must pass.
  if (size !== undefined && size < 8) {
    expect(refusal).toMatchObject({
      code: "self-test-failed",
      message: expect.stringContaining("33 tokens") as string,
    });
  } else expect(refusal).toBeNull();
});

test("nothing was fetched from elsewhere", () => {
  expect(site.foreign).toEqual([]);
});
