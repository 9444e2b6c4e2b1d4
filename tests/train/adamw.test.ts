/** @file AdamW in TypeScript against double precision, its rates, and its file. On the GPU: tests/browser/train.test.ts. */
import { expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Safetensors } from "../../src/engine/safetensors.ts";
import { scalesAt } from "../../src/train/adamw.ts";
import { readOptimizerFile, writeOptimizerFile } from "../../src/train/optimizer-file.ts";
import { ADAMW, adamWSuite } from "./adamw-suite.ts";
import { expectAdamW } from "./judge-adamw.ts";

test("three updates, of one run and of several, clipped and not", async () => {
  expectAdamW(await adamWSuite(await nodeRuntime()));
});

test("the rate is warmed up, falls, and stays at nothing; or stays", () => {
  const rates = (settings: typeof ADAMW) =>
    Array.from({ length: 8 }, (_, i) => Number(scalesAt(i + 1, settings).learningRate.toFixed(6)));
  expect(rates(ADAMW)).toEqual([0.05, 0.1, 0.1, 0.075, 0.05, 0.025, 0, 0]);
  expect(rates({ ...ADAMW, warmupUpdates: 0, decayUpdates: null })).toEqual(Array(8).fill(0.1));
});

test("what it remembers survives its file, and another model's is refused by name", () => {
  const inputs = [{ name: "w", dims: [2, 1], tensors: ["w"], transposed: false }];
  const moments = { first: { w: Float32Array.of(1, 2) }, second: { w: Float32Array.of(3, 4) } };
  const file = new Safetensors(writeOptimizerFile({ updates: 5, moments }, inputs));
  expect(readOptimizerFile(file, inputs)).toEqual({ updates: 5, moments });
  const other = [{ ...inputs[0]!, dims: [1, 2] }];
  expect(() => readOptimizerFile(file, other)).toThrow("The checkpoint has no first.w of [1,2]");
});
