/** @file Which models can be trained, and which are refused by name; joined projections; the file of trained weights. */
import { expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Safetensors } from "../../src/engine/safetensors.ts";
import { type WeightInput } from "../../src/engine/weight-source.ts";
import { weightFile } from "../../src/engine/load-decoder.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { Graph } from "../../src/train/graph.ts";
import { llama } from "../../src/train/llama.ts";
import { readLlamaConfig } from "../../src/train/llama-config.ts";
import { lossGraph } from "../../src/train/train-graph.ts";
import { writeWeightFile } from "../../src/train/weight-file.ts";
import { GrpoTrainer } from "../../src/train/trainer.ts";
import { batchOf, fixtureFiles, openPolicy, SETTINGS } from "./fixture.ts";
import { expectClose } from "./judge-suite.ts";

const runtime = await nodeRuntime();
const files = fixtureFiles();
const json = JSON.parse(new TextDecoder().decode(files.bytes.get("config.json"))) as Record<string, unknown>;

test.each([
  ["model_type", "qwen3"],
  ["hidden_act", "gelu"],
  ["rope_scaling", { factor: 8 }],
  ["attention_bias", true],
  ["num_key_value_heads", 3],
  ["hidden_size", 0],
])("config.json with %s %j is refused by name", (field, value) => {
  expect(() => readLlamaConfig({ ...json, [field]: value })).toThrow(new RegExp(`\\(${field}: `));
});

test("weights that a Llama lacks, or does not have, are refused by name", async () => {
  const policy = await openPolicy(runtime);
  const more: WeightInput = { name: "b", dims: [4], tensors: ["b"], transposed: false };
  expect(() => llama(new Graph(), policy.config, [...policy.inputs, more])).toThrow("The model has b, unlike a Llama");
  expect(() => llama(new Graph(), policy.config, policy.inputs.slice(1))).toThrow("The model lacks model.");
  await policy.dispose();
});

/** As onnxruntime-genai's builder has them. */
function joined(inputs: readonly WeightInput[]): WeightInput[] {
  return inputs.flatMap((input): WeightInput[] => {
    const part = /\.([qkv])_proj/.exec(input.name)?.[1];
    if (part === undefined) return [input];
    if (part !== "q") return [];
    const tensors = ["q", "k", "v"].map((one) => input.tensors[0]!.replace("q_proj", `${one}_proj`));
    const name = input.name.replace("q_proj", "qkv_proj");
    return [{ name, tensors, dims: [64, 256], transposed: true }];
  });
}

test("joined queries, keys and values train as separate ones do, and are saved apart", async () => {
  const policy = await openPolicy(runtime);
  const inputs = joined(policy.inputs);
  expect(inputs).toHaveLength(policy.inputs.length - 4);
  const weights = await WeightSet.create(runtime, inputs, weightFile(files));
  const settings = { ...SETTINGS, klCoefficient: 0 };
  const apart = await GrpoTrainer.create(policy, settings);
  const together = await GrpoTrainer.create({ ...policy, inputs, policy: weights, initialPolicy: null }, settings);
  const [a, b] = [await apart.step(batchOf()), await together.step(batchOf())];
  expect(b.gradNorm).toBeCloseTo(a.gradNorm, 5);
  const [trained, expected] = [(await together.checkpoint()).weights, (await apart.checkpoint()).weights].map(
    (bytes) => new Safetensors(bytes),
  );
  expect([...trained!.shapes].toSorted()).toEqual([...expected!.shapes].toSorted());
  // AdamW's first step is as long for a gradient that is all rounding as for any other.
  for (const name of expected!.shapes.keys()) expectClose(trained!.read(name), expected!.read(name), 1e-3);
  await apart.dispose();
  await together.dispose();
  weights.dispose();
  await policy.dispose();
});

test("weights that were not trained are saved as they were read", async () => {
  const policy = await openPolicy(runtime);
  const saved = new Safetensors(await writeWeightFile(runtime, policy.inputs, policy.policy.feeds(), policy.config));
  const original = weightFile(files);
  expect([...saved.shapes].toSorted()).toEqual([...original.shapes].toSorted());
  for (const name of original.shapes.keys()) expect(saved.read(name)).toEqual(original.read(name));
  await policy.dispose();
});

test("the graph of a training is small: no weights, no logits at every position", async () => {
  const policy = await openPolicy(runtime);
  expect(lossGraph(policy.config, policy.inputs, SETTINGS).model.length).toBeLessThan(40_000);
  await policy.dispose();
});
