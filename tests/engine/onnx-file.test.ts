/** @file Graphs edited at load: what is not touched stays byte for byte, the head reads asked positions, other shapes of heads are found or left alone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gatherBeforeHead } from "../../src/engine/onnx-file.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { parseFields, writeFields } from "../../src/engine/protobuf.ts";
import { FLOAT, GraphWriter, INT64 } from "../../src/engine/onnx-writer.ts";
import { randomLlama } from "./random-llama.ts";

const runtime = await nodeRuntime();
const llama = randomLlama().bytes.get("onnx/model.onnx")!;

test("a message that is read and written is the same bytes", () => {
  expect(writeFields(parseFields(llama))).toEqual(llama);
  const field = fc.record({
    number: fc.integer({ min: 1, max: 2 ** 28 }),
    wire: fc.constant(2),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      expect(parseFields(writeFields(fields))).toEqual(fields);
    }),
  );
});

test("bytes that are no message are refused, whatever they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        parseFields(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
  expect(() => parseFields(llama.subarray(0, llama.length - 5))).toThrow(RangeError);
});

/** x [batch, sequence, 2] → head, with or without a soft cap behind it. */
function tinyHead(cap: boolean): Uint8Array {
  const g = new GraphWriter(null);
  g.input("x", FLOAT, ["batch", "sequence", 2]);
  const states = g.node("Mul", ["x", g.constant("two", [], Float32Array.of(2))], ["states"]);
  const weight = g.constant("w", [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
  const product = g.node("MatMul", [states, weight], [cap ? "product" : "logits"]);
  if (cap) {
    const thirty = g.constant("thirty", [], Float32Array.of(30));
    g.node("Mul", [thirty, g.node("Tanh", [g.node("Div", [product, thirty], ["small"])], ["capped"])], ["logits"]);
  }
  g.output("logits", FLOAT, ["batch", "kept", 3]);
  return g.finish();
}

describe.each([false, true])("soft cap: %s", (cap) => {
  test("the head reads the asked positions of each row, in the order asked", async () => {
    const { InferenceSession, Tensor } = runtime.ort;
    const session = await InferenceSession.create(gatherBeforeHead(tinyHead(cap))!);
    const x = new Tensor("float32", Float32Array.of(1, 0, 0, 1, 1, 1, 0, 2, 2, 0, 3, 3), [2, 3, 2]);
    const positions = new Tensor("int64", BigInt64Array.of(0n, 2n, 0n, 0n, 1n, 1n, 1n, 1n), [2, 2, 2]);
    const { logits } = await session.run({ x, logit_positions: positions });
    expect(logits!.dims).toEqual([2, 2, 3]);
    // States are twice x.
    const [a, b, c] = [
      [10, 14, 18],
      [2, 4, 6],
      [4, 8, 12],
    ] as const;
    const plain = [...a, ...b, ...c, ...c];
    const capped = plain.map((logit) => 30 * Math.tanh(logit / 30));
    for (const [i, logit] of (logits!.data as Float32Array).entries()) {
      expect(logit).toBeCloseTo((cap ? capped : plain)[i]!, 4);
    }
    await session.release();
  });
});

test("an export that keeps the last logits gathers instead: nothing of how many to keep is left", async () => {
  const { bytes } = randomLlama({ keepsLogits: true });
  const session = await runtime.ort.InferenceSession.create(gatherBeforeHead(bytes.get("onnx/model.onnx")!)!);
  expect(session.inputNames).toContain("logit_positions");
  expect(session.inputNames).not.toContain("num_logits_to_keep");
  await session.release();
});

test("a graph without such a head is not edited, and one that gathers already stays as it is", () => {
  const g = new GraphWriter(null);
  g.input("x", INT64, ["n"]);
  g.node("Identity", ["x"], ["y"]);
  g.output("y", INT64, ["n"]);
  expect(gatherBeforeHead(g.finish())).toBeNull();
  const once = gatherBeforeHead(llama)!;
  expect(once).not.toBe(llama);
  expect(gatherBeforeHead(once)).toBe(once);
  expect(gatherBeforeHead(new Uint8Array())).toBeNull();
});
