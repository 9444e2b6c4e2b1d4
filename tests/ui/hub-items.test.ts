/** @file The lines of the Models view: the committed catalogue beside what is kept and begun; estimates of memory. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ModelsReport, PROCESSOR } from "../../src/lab/protocol.ts";
import { parseCatalogue } from "../../src/models/catalogue.ts";
import { variantKey } from "../../src/models/hub-key.ts";
import { ESTIMATE_TOKENS, hubItems, isGoingOn, memoryBytes } from "../../src/ui/state/hub-items.ts";

const path = join(import.meta.dirname, "../../models/catalogue.json");
const catalogue = parseCatalogue(JSON.parse(readFileSync(path, "utf8")));
const key = "onnx-community/Qwen3-0.6B-ONNX@q4f16";
const kept = { model: key, commit: null, bytes: 5, sharedBytes: 0, savedAt: "", usedAt: null, missing: [] };
const report: ModelsReport = {
  catalogue,
  typed: [],
  device: { webgpu: true, f16: false },
  kept: [kept],
  begun: [{ model: "onnx-community/Qwen3-0.6B-ONNX@q8", bytes: 9 }],
  loads: [{ id: "onnx-community/Qwen3-0.6B-ONNX", dtype: "q8", revision: null, files: [], loads: [] }],
  storage: null,
};
const items = hubItems(report);

test("every variant that can run is one line, called as the worker calls it; what cannot run is none", () => {
  const runnable = catalogue.models.filter(({ notRunnable }) => notRunnable === null);
  expect(items.map((item) => item.key)).toEqual(
    runnable.flatMap(({ id, variants }) => variants.map(({ dtype }) => variantKey(id, dtype))),
  );
});

test("each knows what of it is here", () => {
  expect(items.filter((item) => item.kept !== null).map((item) => item.key)).toEqual([key]);
  expect(items.filter(({ begunBytes }) => begunBytes > 0).map(({ dtype, begunBytes }) => [dtype, begunBytes])).toEqual([
    ["q8", 9],
  ]);
  expect(items.filter(({ loads }) => loads !== null).map(({ model, dtype }) => [model.title, dtype])).toEqual([
    ["Qwen3 0.6B", "q8"],
  ]);
});

test("memory grows by keys and values of each rollout, half as fast in half precision", () => {
  for (const item of items) {
    const four = memoryBytes(item, 4) - item.aboutBytes;
    expect(memoryBytes(item, 8) - item.aboutBytes).toBe(2 * four);
    const numbers = four / (4 * ESTIMATE_TOKENS * item.model.cacheNumbersPerToken!);
    expect(numbers).toBe(item.dtype.endsWith("f16") ? 2 : 4);
  }
});

test("a download goes on while it asks or runs", () => {
  expect([isGoingOn(undefined), isGoingOn({ phase: "asking" }), isGoingOn({ phase: "paused" })]).toEqual([
    false,
    true,
    false,
  ]);
});

test("of several weights one is best on this device, and those it would run badly say so", () => {
  const of = (device: ModelsReport["device"]) =>
    hubItems(report, device).filter(({ model }) => model.id === "HuggingFaceTB/SmolLM2-1.7B-Instruct");
  const shown = (device: ModelsReport["device"]) =>
    of(device).map(({ dtype, best, obstacle }) => [dtype, best, obstacle !== null]);
  expect(shown({ webgpu: true, f16: true })).toEqual([
    ["q4f16", true, false],
    ["q4", false, false],
  ]);
  for (const device of [{ webgpu: true, f16: false }, PROCESSOR]) {
    expect(shown(device)).toEqual([
      ["q4f16", false, true],
      ["q4", true, false],
    ]);
  }
  // Where there is nothing to choose, nothing is called best.
  expect(items.some(({ model, best }) => best && model.variants.length === 1)).toBe(false);
});
