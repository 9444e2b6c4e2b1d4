/** @file How a graph attends, told by its operators before it is loaded. Leaves out its inputs (graph.ts). */
import { ModelError } from "../cat/models.ts";
import { readNodes } from "./onnx-file.ts";

export interface Attention {
  /**
   * May the rows of a batch hold unequal numbers of tokens? Only GroupQueryAttention is told how many each row holds. Plain operators put new
   * tokens behind the longest row, and count positions and windows from there.
   */
  readonly ragged: boolean;
}

/** @throws {ModelError} `model-unsupported`; RangeError if the bytes are no protobuf message */
export function readAttention(model: Uint8Array): Attention {
  const nodes = readNodes(model);
  if (nodes.some(({ attributes }) => attributes.includes("sliding_window_cache"))) {
    const what = "keeps only the last tokens of some layers (sliding_window_cache), which this version cannot";
    throw new ModelError("model-unsupported", `The model's graph ${what}. Export it with windowed_kv_cache=false.`);
  }
  return { ragged: nodes.some(({ operator }) => operator === "GroupQueryAttention") };
}
