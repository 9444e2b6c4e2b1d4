/** @file Qwen3 and Gemma 3 on WebGPU (SwiftShader) say what PyTorch says; graphs that this device cannot run are refused with a remedy. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/site.ts";
import type { DecoderName } from "../engine/decoders.ts";
import { openPageSite, type PageSite } from "./page-site.ts";

let site: PageSite;
let page: Page;

beforeAll(async () => {
  site = await openPageSite("decoders-page");
  ({ page } = site);
  await page.context().route(
    ({ pathname }) => pathname.startsWith("/fixtures/"),
    (route) => {
      const { pathname } = new URL(route.request().url());
      return route.fulfill({ path: join(ROOT, "tests", "fixtures", "decoders", pathname.slice("/fixtures/".length)) });
    },
  );
});

afterAll(() => site.close());

function run(name: DecoderName, device: "webgpu" | "wasm" = "webgpu", where = page) {
  return where.evaluate(([on, which]) => window.runDecoder(on, which), [device, name] as const);
}

const DIFFERENCES = {
  whole: expect.any(Number) as number,
  chunked: expect.any(Number) as number,
  batched: expect.any(Number) as number,
  tree: expect.any(Number) as number,
};

// A Llama is in tests/browser/engine.test.ts; each family costs a software adapter seconds.
test("gemma3/genai gives PyTorch's logits", async () => {
  const found = await run("gemma3/genai");
  expect(found).toEqual(DIFFERENCES);
  for (const difference of Object.values(found)) expect(difference).toBeLessThan(1e-4);
});

test("so does qwen3/genai where WebAssembly cannot wait, on the other build of ONNX Runtime", async () => {
  const other = await page.context().newPage();
  await other.addInitScript(() => delete (WebAssembly as { Suspending?: unknown }).Suspending);
  const builds: string[] = [];
  other.on("request", (request) => builds.push(...(/asyncify|jspi/.exec(request.url()) ?? [])));
  await other.goto(page.url());
  const found = await run("qwen3/genai", "webgpu", other);
  await other.close();
  expect(new Set(builds)).toEqual(new Set(["asyncify"]));
  expect(found).toEqual(DIFFERENCES);
  for (const difference of Object.values(found)) expect(difference).toBeLessThan(1e-4);
});

test("half precision on wasm gives PyTorch's logits, in a JavaScript with Float16Array", async () => {
  expect(await page.evaluate(() => "Float16Array" in globalThis)).toBe(true);
  const found = await run("llama/genai-f16", "wasm");
  for (const difference of Object.values(found)) expect(difference).toBeLessThan(0.05);
});

test("attention of plain operators is refused with a remedy", async () => {
  expect(await run("llama/optimum")).toMatchObject({
    code: "model-unsupported",
    message: expect.stringMatching(/GroupQueryAttention.*or run on wasm/) as string,
  });
});

test("half precision is refused with a remedy where the GPU has none", async (context) => {
  if (await page.evaluate(() => window.hasHalf())) context.skip("this GPU has shader-f16: nothing is refused");
  expect(await run("llama/genai-f16")).toMatchObject({
    code: "model-unsupported",
    message: expect.stringMatching(/float16.*Choose a q4, q8 or fp32 export, or run on wasm/) as string,
  });
});

test("half precision gives PyTorch's logits and a sampled answer (needs a GPU with shader-f16)", async (context) => {
  if (!(await page.evaluate(() => window.hasHalf()))) {
    const reason = "NOT RUN: this adapter lacks shader-f16; run it on hardware";
    console.warn(`tests/browser/decoders.test.ts: half precision on WebGPU ${reason}`);
    context.skip(reason);
  }
  const found = await run("llama/genai-f16");
  for (const difference of Object.values(found)) expect(difference).toBeLessThan(0.05);
  expect(await page.evaluate(() => window.generateGreedily("llama/genai-f16"))).toHaveLength(8);
});
