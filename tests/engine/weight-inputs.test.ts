/** @file A graph whose weights are inputs says what the same graph with its weights in it says; weights that do not belong to a graph are refused. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { weightFile } from "../../src/engine/load-decoder.ts";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import { Safetensors } from "../../src/engine/safetensors.ts";
import { Session } from "../../src/engine/session.ts";
import { openWeights } from "../../src/engine/weight-inputs.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { decoderFiles, type DecoderName, differences, type Golden } from "./decoders.ts";
import { hubTensors } from "./hub-tensors.ts";
import { expectSharedGraph } from "./judge-weights.ts";
import { FLOAT, GraphWriter, INT64 } from "../../src/engine/onnx-writer.ts";
import { wasmRuntime } from "./ort-wasm.ts";
import { randomLlama } from "./random-llama.ts";
import { safetensorsFile, type WrittenTensor } from "../../src/engine/safetensors-writer.ts";
import { weightSuite } from "./weight-suite.ts";

const FOLDER = join(import.meta.dirname, "..", "fixtures", "decoders");
const runtime = await nodeRuntime();

test.each([
  ["Node", nodeRuntime],
  ["wasm", wasmRuntime],
] as const)("%s: one graph under two sets of weights", async (_, open) => {
  expectSharedGraph(await weightSuite(await open()));
});

test("weights in a file beside the graph are left there", async () => {
  const files = randomLlama({ external: "model.onnx_data" });
  const graph = await RenewableGraph.create(runtime, files, { weights: "inputs", reload: null });
  const weights = await WeightSet.create(runtime, graph.weightInputs, weightFile(files));
  expect(graph.bytes).toBeLessThan(10_000);
  const plain = await Session.create(runtime, randomLlama());
  const said = [Session.withWeights(graph, weights), plain].map((one) => one.forward([[1, 2, 3]], one.emptyKv()));
  const [found, expected] = await Promise.all(said);
  for (const [i, logit] of found!.logits.entries()) expect(logit).toBeCloseTo(expected!.logits[i]!, 4);
  weights.dispose();
  await Promise.all([graph.dispose(), plain.dispose()]);
});

describe("graphs of onnxruntime-genai's builder", () => {
  test.each([
    ["llama", "model.layers.0.attn.qkv_proj.MatMul.weight", ["q", "k", "v"]],
    ["qwen3", "model.layers.0.attn.q_proj.MatMul.weight", ["q"]],
  ] as const)("%s gives PyTorch's logits, fed from the hub's tensors", async (family, name, parts) => {
    const { files, golden, tensors } = await read(`${family}/genai`);
    const bytes = new Map(files.bytes).set("model.safetensors", safetensorsFile(tensors));
    const graph = await RenewableGraph.create(runtime, { ...files, bytes }, { weights: "inputs", reload: null });
    expect(graph.weightInputs.find((input) => input.name === name)).toMatchObject({
      tensors: parts.map((part) => `model.layers.0.self_attn.${part}_proj.weight`),
      transposed: true,
    });
    const weights = await WeightSet.create(runtime, graph.weightInputs, weightFile({ ...files, bytes }));
    const found = await differences(Session.withWeights(graph, weights), golden);
    for (const difference of Object.values(found)) expect(difference).toBeLessThan(1e-4);
    weights.dispose();
    await graph.dispose();
  });
});

describe("refused", () => {
  test("norms that the builder changed", async () => {
    const { graph, tensors } = await read("gemma3/genai");
    // A Gemma's are stored less one.
    const stored = mapped(tensors, (name, { shape, data }) => {
      return { shape, data: name.includes("norm") ? data.map((value) => value - 1) : data };
    });
    refuses(graph, stored, /has other numbers for model\.layers\.0\.input_layernorm\.weight than model\.safetensors/);
  });

  test("a graph of whose weights another exporter left no name", async () => {
    const { tensors } = await read("llama/genai");
    const { graph } = await read("llama/optimum");
    refuses(graph, tensors, /has no weight that is model\.layers\.0\.self_attn\.q_proj\.weight of model\.safetensors/);
  });

  test("half precision", async () => {
    const { tensors } = await read("llama/genai");
    const { graph } = await read("llama/genai-f16");
    refuses(graph, tensors, /model\.embed_tokens\.weight in another type than float32\. Choose a float32 export/);
  });

  const graph = randomLlama().bytes.get("onnx/model.onnx")!;
  const whole = tensorsOf(randomLlama());
  const UP = "model.layers.1.mlp.up_proj.weight";

  test("a tensor too few", () => {
    const { [UP]: _, ...rest } = whole;
    refuses(
      graph,
      rest,
      /has a weight, model\.layers\.1\.mlp\.up_proj\.weight, that is no tensor of model\.safetensors/,
    );
  });

  test("a matrix of four bits, which no tensor is", () => {
    const g = new GraphWriter(null);
    g.input("x", FLOAT, ["rows", 32]);
    const scaled = g.node("Mul", ["x", g.constant("model.norm.weight", [32], new Float32Array(32))], ["scaled"]);
    const packed = ["weight_Q4", "weight_scales"].map((part) => {
      return g.constant(`lm_head.MatMul.${part}`, [1], new Float32Array(1));
    });
    g.node("Microsoft.MatMulNBits", [scaled, ...packed], ["logits"]);
    g.output("logits", FLOAT, ["rows", 3]);
    const tensors = { "model.norm.weight": { shape: [32], data: new Float32Array(32) } };
    refuses(g.finish(), tensors, /has a weight, lm_head\.MatMul\.weight_Q4, that is no tensor/);
  });

  test("a tensor too many", () => {
    const more = { ...whole, "model.layers.2.mlp.up_proj.weight": whole[UP]! };
    refuses(graph, more, /has no weight that is model\.layers\.2\.mlp\.up_proj\.weight/);
  });

  test("other sizes", () => {
    const longer = { shape: [129, 64], data: new Float32Array(129 * 64) };
    refuses(graph, { ...whole, [UP]: longer }, /up_proj\.weight as \[64,128\], model\.safetensors as \[64,129\]/);
  });

  test("other numbers", () => {
    const data = whole[UP]!.data as Float32Array;
    refuses(graph, { ...whole, [UP]: { ...whole[UP]!, data: data.map((value) => value * 1.02) } }, /other numbers for/);
    const rounded = data.map((value) => value * 1.0009);
    expect(() => openWeights(graph, written({ ...whole, [UP]: { ...whole[UP]!, data: rounded } }))).not.toThrow();
  });

  test("an embedding that the graph has twice", () => {
    const g = new GraphWriter(null);
    g.input("input_ids", INT64, ["batch", "sequence"]);
    const [table, turned] = [Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(1, 3, 5, 2, 4, 6)];
    const x = g.node("Gather", [g.constant("model.embed_tokens.weight", [3, 2], table), "input_ids"], ["x"]);
    g.node("MatMul", [x, g.constant("lm_head.MatMul.weight", [2, 3], turned)], ["logits"]);
    g.output("logits", FLOAT, ["batch", "sequence", 3]);
    const tensors = { "model.embed_tokens.weight": { shape: [3, 2], data: table } };
    refuses(g.finish(), tensors, /has model\.embed_tokens\.weight of model\.safetensors as more than one weight/);
  });

  test("a model without model.safetensors", async () => {
    const { bytes, records } = randomLlama();
    const files = { records, bytes: new Map([...bytes].filter(([path]) => path !== "model.safetensors")) };
    const opened = RenewableGraph.create(runtime, files, { weights: "inputs", reload: null });
    await expect(opened).rejects.toMatchObject({
      code: "file-missing",
      message: expect.stringMatching(/needs model\.safetensors; its files are: onnx\/model\.onnx, config/) as string,
    });
  });
});

function refuses(graph: Uint8Array, tensors: Record<string, WrittenTensor>, message: RegExp): void {
  const open = (): unknown => openWeights(graph, written(tensors));
  expect(open).toThrow(message);
  expect(open).toThrow(expect.objectContaining({ code: "model-unsupported" }));
}

function written(tensors: Record<string, WrittenTensor>): Safetensors {
  return new Safetensors(safetensorsFile(tensors));
}

function tensorsOf(files: ModelFiles): Record<string, WrittenTensor> {
  const file = weightFile(files);
  return Object.fromEntries([...file.shapes].map(([name, shape]) => [name, { shape, data: file.read(name) }]));
}

function mapped(
  tensors: Record<string, WrittenTensor>,
  change: (name: string, tensor: WrittenTensor) => WrittenTensor,
): Record<string, WrittenTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(name, tensor)]));
}

async function read(name: DecoderName) {
  const family = name.split("/")[0]!;
  const graph = new Uint8Array(await readFile(join(FOLDER, `${name}.onnx`)));
  const config = await readFile(join(FOLDER, family, "config.json"));
  const golden = JSON.parse(await readFile(join(FOLDER, family, "golden.json"), "utf8")) as Golden;
  return { graph, golden, files: decoderFiles(graph, config), tensors: hubTensors(graph) };
}
