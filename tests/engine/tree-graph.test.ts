/** @file Graphs that are told what tokens see: which can be, what is added, and that the rest of the engine does not notice. */
import { describe, expect, test } from "vitest";
import { FLOAT, GraphWriter, INT64 } from "../../src/engine/onnx-writer.ts";
import { readNodes } from "../../src/engine/onnx-file.ts";
import { openTree } from "../../src/engine/tree-graph.ts";
import { randomLlama } from "./random-llama.ts";

const GROUPED = "Microsoft.GroupQueryAttention";
/** Its first inputs. */
const QKV = ["q", "k", "v", "pastKey", "pastValue", "last", "total"];

function inputsOf(graph: Uint8Array, operator: string): (readonly string[])[] {
  return readNodes(graph).flatMap((node) => (node.operator === operator ? [node.inputs] : []));
}

test("attention that is told positions gains the bias alone", () => {
  const edited = openTree(randomLlama().bytes.get("onnx/model.onnx")!)!;
  for (const inputs of inputsOf(edited, "GroupQueryAttention")) {
    expect(inputs.slice(7)).toEqual(["", "", "", "tree_bias"]);
  }
  expect(inputsOf(edited, "Gather")).not.toContainEqual(["cos", "tree_positions"]);
  // Once is enough.
  expect(openTree(edited)).toBeNull();
});

test("attention that counts positions itself gains tables by place, once for all layers", () => {
  const edited = openTree(randomLlama({ positions: false }).bytes.get("onnx/model.onnx")!)!;
  for (const inputs of inputsOf(edited, "GroupQueryAttention")) {
    expect(inputs.slice(7)).toEqual(["cos.tree_positions", "sin.tree_positions", "", "tree_bias"]);
  }
  const gathered = inputsOf(edited, "Gather").filter(([, by]) => by === "tree_positions");
  expect(gathered).toEqual([
    ["cos", "tree_positions"],
    ["sin", "tree_positions"],
  ]);
});

describe("is left as it is", () => {
  function graph(operator: string, inputs: readonly string[]): Uint8Array {
    const g = new GraphWriter(null);
    g.input("input_ids", INT64, ["batch", "sequence"]);
    g.input("past_key_values.0.key", FLOAT, ["batch", 1, "past", 8]);
    g.node(operator, inputs, ["attended"]);
    return g.finish();
  }

  test.each([
    ["attention of plain operators", graph("Softmax", ["scores"])],
    ["attention with a bias of its own", graph(GROUPED, [...QKV, "", "", "", "bias"])],
    ["attention that nobody tells positions", graph(GROUPED, QKV)],
    ["no graph", new Uint8Array()],
  ])("%s", (_, bytes) => {
    expect(openTree(bytes)).toBeNull();
  });
});
