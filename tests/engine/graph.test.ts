/** @file What a graph tells about itself, and which graphs are refused. */
import { expect, test } from "vitest";
import { readAttention } from "../../src/engine/attention.ts";
import { readGraph } from "../../src/engine/graph.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { GraphWriter } from "../../src/engine/onnx-writer.ts";
import { randomLlama } from "./random-llama.ts";

const runtime = await nodeRuntime();

function input(name: string, type = "float32", shape: readonly (number | string)[] = ["batch", 2, "past", 32]) {
  return { name, isTensor: true as const, type: type as "float32", shape };
}

function read(inputs: ReturnType<typeof input>[], config: unknown = null) {
  return readGraph({ inputs, attention: { ragged: true, window: null }, config });
}

const IDS = input("input_ids", "int64", ["batch", "sequence"]);

test("inputs are read from the graph itself", async () => {
  const session = await Session.create(runtime, randomLlama({ keepsLogits: false }));
  expect(session.graph).toEqual({
    caches: ["0.key", "0.value", "1.key", "1.value"].map((name) => ({ name, kvHeads: 2, headSize: 32 })),
    cacheType: "float32",
    ragged: true,
    window: null,
    takesMask: true,
    takesPositions: true,
    takesTree: true,
    takesTreePositions: false,
  });
  await session.dispose();
});

test.each([
  ["past_conv.0", /convolution cache.*past_conv\.0/],
  ["past_key_values.0.conv_state", /convolution cache.*past_key_values\.0\.conv_state/],
  ["past_recurrent.3", /recurrent.*past_recurrent\.3/],
  ["past_ssm.1", /recurrent.*past_ssm\.1/],
  ["pixel_values", /multimodal.*/],
])("an input %s is refused by name", async (stranger, message) => {
  const refused = Session.create(runtime, randomLlama({ stranger }));
  await expect(refused).rejects.toMatchObject({
    code: "model-unsupported",
    message: expect.stringMatching(message) as string,
  });
});

test("half-precision caches are taken, mixed and 8-bit ones refused", () => {
  const caches = (...types: string[]) => types.map((type, i) => input(`past_key_values.${i}.key`, type));
  expect(read([IDS, ...caches("float16", "float16")]).cacheType).toBe("float16");
  expect(() => read([IDS, ...caches("float16", "float32")])).toThrow(/float16 and float32/);
  expect(() => read([IDS, ...caches("int8")])).toThrow(/int8/);
});

test("shapes that inputs leave open come from config.json; layers may differ", () => {
  const open = input("past_key_values.0.key", "float32", ["batch", "heads", "past", "size"]);
  const told = input("past_key_values.1.key", "float32", ["batch", 1, "past", 64]);
  const shapes = (config: object) => read([IDS, open, told], config).caches.map((c) => [c.kvHeads, c.headSize]);
  const llama = { hidden_size: 96, num_attention_heads: 6 };
  expect(shapes(llama)).toEqual([
    [6, 16],
    [1, 64],
  ]);
  expect(shapes({ ...llama, num_key_value_heads: 2, head_dim: 32 })[0]).toEqual([2, 32]);
  expect(shapes({ text_config: { ...llama, num_key_value_heads: 3 } })[0]).toEqual([3, 16]);
});

test("a graph that forgets all but the last tokens is refused", () => {
  const g = new GraphWriter(null);
  g.node("Microsoft.GroupQueryAttention", ["q"], ["logits"], { sliding_window_cache: 1 });
  expect(() => readAttention(g.finish())).toThrow(/sliding_window_cache.*windowed_kv_cache=false/);
});

test.each([
  ["no input_ids", [input("past_key_values.0.key")], /input_ids/],
  ["no cache", [IDS], /cache/],
  ["open shapes", [IDS, input("past_key_values.0.key", "float32", ["batch", "heads", "past", "size"])], /open/],
])("%s is refused", (_, inputs, message) => {
  expect(() => read(inputs)).toThrow(message);
});

test("bytes that are no graph are refused", async () => {
  const files = randomLlama();
  const bytes = new Map(files.bytes).set("onnx/model.onnx", Uint8Array.of(1, 2, 3));
  await expect(Session.create(runtime, { ...files, bytes })).rejects.toMatchObject({ code: "model-unsupported" });
});

test("two graphs are one too many", async () => {
  const files = randomLlama();
  const bytes = new Map(files.bytes).set("onnx/model_q4.onnx", Uint8Array.of());
  await expect(Session.create(runtime, { ...files, bytes })).rejects.toMatchObject({ code: "file-missing" });
});
