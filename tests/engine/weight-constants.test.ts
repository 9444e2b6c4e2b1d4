/** @file Other weights put into a graph: the graph says what a session under these weights says, and nothing is left to bring. In Node. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDecoder } from "../../src/engine/load-decoder.ts";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import { Safetensors } from "../../src/engine/safetensors.ts";
import { Session } from "../../src/engine/session.ts";
import { withOtherWeights } from "../../src/engine/weight-constants.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { randomLlama } from "./random-llama.ts";

const runtime = await nodeRuntime();
const prompt = [5, 17, 99, 3, 200, 41];

function safetensors({ bytes }: ModelFiles): Safetensors {
  return new Safetensors(bytes.get("model.safetensors")!);
}

function withGraph(files: ModelFiles, path: string, graph: Uint8Array): ModelFiles {
  return { records: [], bytes: new Map([...files.bytes, [path, graph]]) };
}

async function logitsOf(session: Session): Promise<readonly number[]> {
  return [...(await session.forward([prompt], session.emptyKv())).logits];
}

test("the random Llama with the weights of another one is that other one", async () => {
  const [files, others] = [randomLlama({ salt: "a" }), randomLlama({ salt: "b" })];
  const graph = withOtherWeights(files.bytes.get("onnx/model.onnx")!, safetensors(files), safetensors(others));
  const made = await Session.create(runtime, withGraph(files, "onnx/model.onnx", graph));
  const other = await Session.create(runtime, others);
  expect(await logitsOf(made)).toEqual(await logitsOf(other));
  expect(await logitsOf(made)).not.toEqual(await logitsOf(await Session.create(runtime, files)));
});

test("kitten, which ships in 8 bits, takes float32 weights: as the session that is trained under them", async () => {
  const folder = join(import.meta.dirname, "../../models/kitten");
  const paths = ["config.json", "model.safetensors", "onnx/model_quantized.onnx"];
  const contents = await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))] as const));
  const files: ModelFiles = { records: [], bytes: new Map(contents) };
  const own = safetensors(files);
  const path = "onnx/model_quantized.onnx";
  const made = withGraph(files, path, withOtherWeights(files.bytes.get(path)!, own, own));
  const { weightInputs, session } = await loadDecoder(runtime, made, "constants");
  expect(weightInputs).toEqual([]);
  expect(session.inputs.map(({ name }) => name)).not.toContain("model.embed_tokens.weight");
  const graph = await RenewableGraph.create(runtime, files, { weights: "inputs", reload: null });
  const trained = Session.withWeights(graph, await WeightSet.create(runtime, graph.weightInputs, own));
  const [a, b] = [await logitsOf(await Session.create(runtime, made)), await logitsOf(trained)];
  expect(Math.max(...a.map((logit, i) => Math.abs(logit - b[i]!)))).toBeLessThan(1e-4);
});
