/** @file Are two models the same to the bit, whatever they are called? By the hashes of their graphs. */
import type { ModelRecord } from "../cat/models.ts";

/** False for a model that names no graph: nothing is known of it. */
export function sameWeights(a: ModelRecord, b: ModelRecord): boolean {
  const [ours, theirs] = [weightsOf(a), weightsOf(b)];
  return ours.length > 0 && ours.join() === theirs.join();
}

function weightsOf({ files }: ModelRecord): readonly string[] {
  return files
    .filter(({ path }) => path.includes(".onnx"))
    .map(({ sha256 }) => sha256)
    .sort();
}
