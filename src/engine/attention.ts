/** @file How a graph attends, told by its operators before it is loaded. Leaves out its inputs (graph.ts). */
import { ModelError } from "../cat/models.ts";
import { readNodes, wholeNumber } from "./onnx-file.ts";

export interface Attention {
  /**
   * May the rows of a batch hold unequal numbers of tokens? Only GroupQueryAttention is told how many each row holds. Plain operators put new
   * tokens behind the longest row, and count positions and windows from there.
   */
  readonly ragged: boolean;
  /** Tokens that the narrowest window of a layer of GroupQueryAttention shows; `null` where all are seen. */
  readonly window: number | null;
}

/** @throws {ModelError} `model-unsupported`; RangeError if the bytes are no protobuf message */
export function readAttention(model: Uint8Array): Attention {
  const nodes = readNodes(model);
  if (nodes.some((node) => wholeNumber(node, "sliding_window_cache") !== undefined)) {
    const what = "keeps only the last tokens of some layers (sliding_window_cache), which this version cannot";
    throw new ModelError("model-unsupported", `The model's graph ${what}. Export it with windowed_kv_cache=false.`);
  }
  const attentions = nodes.filter(({ operator }) => operator === "GroupQueryAttention");
  const windows = attentions.map((node) => wholeNumber(node, "local_window_size")).filter((size) => size !== undefined);
  return { ragged: attentions.length > 0, window: windows.length === 0 ? null : Math.min(...windows) };
}
