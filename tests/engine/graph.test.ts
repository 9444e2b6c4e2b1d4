/** @file What a graph tells about itself, and which graphs are refused. */
import { expect, test } from "vitest";
import { readGraph } from "../../src/engine/graph.ts";
import { nodeRuntime } from "../../src/engine/ort-node.ts";
import { Session } from "../../src/engine/session.ts";
import { randomLlama } from "./random-llama.ts";

const runtime = await nodeRuntime();

function input(name: string, type = "float32", shape: readonly (number | string)[] = ["batch", 2, "past", 32]) {
  return { name, isTensor: true as const, type: type as "float32", shape };
}

const IDS = input("input_ids", "int64", ["batch", "sequence"]);

test("inputs are read from the graph itself", async () => {
  const session = await Session.create(runtime, randomLlama({ keepsLogits: false }));
  expect(session.graph).toEqual({
    caches: ["0.key", "0.value", "1.key", "1.value"].map((name) => ({ name, kvHeads: 2, headSize: 32 })),
    cacheType: "float32",
    ragged: true,
    takesMask: true,
    takesPositions: true,
    keepsLogits: false,
    gathersLogits: true,
  });
  await session.dispose();
});

test.each([
  ["a cache of another kind", "past_conv.0", randomLlama({ stranger: "past_conv.0" })],
  ["images", "pixel_values", randomLlama({ stranger: "pixel_values" })],
])("%s is refused by name", async (_, name, files) => {
  const refused = Session.create(runtime, files);
  await expect(refused).rejects.toMatchObject({
    code: "model-unsupported",
    message: expect.stringContaining(name) as string,
  });
});

test("half-precision caches are refused with a remedy", () => {
  const half = [IDS, input("past_key_values.0.key", "float16"), input("past_key_values.0.value", "float16")];
  expect(() => readGraph(half)).toThrow(/float16.*choose a q4, q8 or fp32 export/);
});

test.each([
  ["no input_ids", [input("past_key_values.0.key")], /input_ids/],
  ["no cache", [IDS], /cache/],
  ["open shapes", [IDS, input("past_key_values.0.key", "float32", ["batch", "heads", "past", "size"])], /open/],
])("%s is refused", (_, inputs, message) => {
  expect(() => readGraph(inputs)).toThrow(message);
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
