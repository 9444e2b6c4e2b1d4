/** @file What a pass is fed besides weights, by the inputs that a graph has: tokens, which rows hold how many, positions, what is wanted. */
import type { Tensor } from "onnxruntime-web/webgpu";
import { zeros } from "./floats.ts";
import { type DecoderGraph, pastName } from "./graph.ts";
import type { Kv } from "./kv.ts";
import { POSITIONS_INPUT } from "./onnx-file.ts";
import type { Runtime } from "./runtime.ts";
import type { NewTokens, Position } from "./session.ts";
import { biasOf, type TokenTree } from "./token-tree.ts";
import { BIAS_INPUT, TREE_POSITIONS_INPUT } from "./tree-graph.ts";

export interface PassParts {
  readonly ids: NewTokens;
  /** New tokens of each row. */
  readonly count: number;
  readonly past: Kv;
  /** Tokens that each row holds afterwards. */
  readonly lengths: readonly number[];
  /** Of the mask: tokens of the longest row, or the room of a cache that grows. */
  readonly width: number;
  readonly wanted: readonly Position[];
  /** Of which the new tokens are the next; left out: each token follows the one before. */
  readonly tree: TokenTree | undefined;
}

export function passFeeds(
  { ort: { Tensor } }: Runtime,
  graph: DecoderGraph,
  { ids, count, past, lengths, width, wanted, tree }: PassParts,
): Record<string, Tensor> {
  const rows = lengths.length;
  const feeds: Record<string, Tensor> = {
    input_ids:
      "length" in ids
        ? new Tensor("int64", BigInt64Array.from(ids.flat(), BigInt), [rows, count])
        : Tensor.fromGpuBuffer(ids, { dataType: "int64", dims: [rows, count] }),
  };
  if (graph.takesMask) {
    const mask = new BigInt64Array(rows * width);
    lengths.forEach((length, row) => mask.fill(1n, row * width, row * width + length));
    feeds["attention_mask"] = new Tensor("int64", mask, [rows, width]);
  }
  if (graph.takesPositions) {
    const positions = new BigInt64Array(rows * count);
    past.lengths.forEach((start, row) => {
      for (let i = 0; i < count; i++) positions[row * count + i] = BigInt(tree?.positions[start + i] ?? start + i);
    });
    feeds["position_ids"] = new Tensor("int64", positions, [rows, count]);
  }
  if (graph.takesTree) {
    const bias =
      tree === undefined
        ? zeros(graph.cacheType, count * width)
        : biasOf(tree, { start: width - count, end: width }, graph.cacheType);
    feeds[BIAS_INPUT] = new Tensor(graph.cacheType, bias, [1, 1, count, width]);
  }
  if (graph.takesTreePositions) {
    const positions = new BigInt64Array(width);
    for (let i = 0; i < width; i++) positions[i] = BigInt(tree?.positions[i] ?? i);
    feeds[TREE_POSITIONS_INPUT] = new Tensor("int64", positions, [width]);
  }
  feeds[POSITIONS_INPUT] = new Tensor("int64", BigInt64Array.from(wanted.flat(), BigInt), [wanted.length, 1, 2]);
  graph.caches.forEach(({ name }, i) => (feeds[pastName(name)] = past.tensors[i]!));
  return feeds;
}
