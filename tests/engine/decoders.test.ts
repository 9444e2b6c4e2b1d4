/** @file Llama, Qwen3 and Gemma 3 by two exporters say what PyTorch says, in Node and on wasm; in a browser: tests/browser/decoders.test.ts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { selfTest, type TestedSession } from "../../src/engine/self-test.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { decoderFiles, type DecoderName, decoderSuite, type Golden } from "./decoders.ts";
import { wasmRuntime } from "./ort-wasm.ts";
import { expectBatchIndependence } from "./judge-suite.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { engineSuite } from "./suite.ts";

const FOLDER = join(import.meta.dirname, "..", "fixtures", "decoders");
const EXPORTS: DecoderName[] = [
  "llama/genai",
  "llama/optimum",
  "qwen3/genai",
  "qwen3/optimum",
  "gemma3/genai",
  "gemma3/optimum",
];

/** Logits have a deviation of 2 to 6. Half precision has eleven binary digits. */
const TOLERANCE = { single: 1e-4, half: 0.05 };

async function read(name: DecoderName) {
  const family = name.split("/")[0]!;
  const config = await readFile(join(FOLDER, family, "config.json"));
  const golden = JSON.parse(await readFile(join(FOLDER, family, "golden.json"), "utf8")) as Golden;
  return { files: decoderFiles(await readFile(join(FOLDER, `${name}.onnx`)), config), golden };
}

test.each([
  ["llama/genai", true, false, null],
  ["llama/optimum", false, true, null],
  ["qwen3/genai", true, false, null],
  ["qwen3/optimum", false, true, null],
  ["gemma3/genai", true, false, 8],
  ["gemma3/optimum", false, false, null],
] as const)("what %s is made of is read, not told", async (name, ragged, takesPositions, window) => {
  const { files } = await read(name);
  const session = await Session.create(await nodeRuntime(), files);
  expect(session.graph).toEqual({
    caches: ["0.key", "0.value", "1.key", "1.value"].map((cache) => ({ name: cache, kvHeads: 2, headSize: 16 })),
    cacheType: "float32",
    takesMask: true,
    ragged,
    window,
    takesPositions,
    // By the tables of their positions.
    takesTree: ragged,
    takesTreePositions: ragged,
  });
  await session.dispose();
});

test.each(["gemma3/optimum", "llama/genai-f16"] as const)("%s does not mix the rows of a run", async (name) => {
  const { files } = await read(name);
  const model = await createLanguageModel({ runtime: await nodeRuntime(), files, entry: RANDOM_ENTRY });
  expectBatchIndependence(await engineSuite(model));
  await model.dispose();
});

test("rows of unequal length in one pass are wrong where attention is not told their lengths", async () => {
  const runtime = await nodeRuntime();
  const { files } = await read("llama/optimum");
  const session = await Session.create(runtime, files);
  const { graph } = session;
  expect(graph.ragged).toBe(false);
  const mixed: TestedSession = {
    runtime,
    graph: { ...graph, ragged: true },
    emptyKv: () => session.emptyKv(),
    forward: (ids, past) => session.forward(ids, past),
    pass: (...parameters) => session.pass(...parameters),
  };
  await expect(selfTest(mixed, new Tokenizer(files), undefined)).rejects.toThrow(/batch of unequal rows/);
  await session.dispose();
});

describe.each([
  ["Node", nodeRuntime],
  ["wasm", wasmRuntime],
] as const)("%s", (_, open) => {
  test.each(EXPORTS)("%s gives PyTorch's logits, whole, in pieces and in a batch", async (name) => {
    const runtime = await open();
    const { files, golden } = await read(name);
    const found = await decoderSuite(runtime, files, golden);
    for (const difference of Object.values(found)) expect(difference).toBeLessThan(TOLERANCE.single);
    // The load's own test agrees.
    await (await createLanguageModel({ runtime, files, entry: RANDOM_ENTRY })).dispose();
  });

  test("a cache and logits in half precision", async () => {
    const runtime = await open();
    const { files, golden } = await read("llama/genai-f16");
    const found = await decoderSuite(runtime, files, golden);
    for (const difference of Object.values(found)) expect(difference).toBeLessThan(TOLERANCE.half);
    await (await createLanguageModel({ runtime, files, entry: RANDOM_ENTRY })).dispose();
  });
});
