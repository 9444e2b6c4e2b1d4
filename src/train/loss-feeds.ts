/** @file What a loss takes besides the sequences (grpo-loss.ts), number by number for the tokens of some rows. */
import type { Feeds, Tensor } from "../engine/ort.ts";
import type { Ort } from "../engine/runtime.ts";
import type { TrainRow } from "./batch.ts";

/** @param initial [rows][completion] log-probabilities under `initialPolicy`; `null` where the loss does not ask for them */
export function lossFeeds(ort: Ort, rows: readonly TrainRow[], initial: readonly Float32Array[] | null): Feeds {
  const floats = (values: readonly number[]): Tensor =>
    new ort.Tensor("float32", Float32Array.from(values), [values.length]);
  const each = (value: (row: TrainRow) => number): Tensor =>
    floats(rows.flatMap((row) => row.completion.map(() => value(row))));
  return {
    oldLogprobs: floats(rows.flatMap((row) => row.oldLogprobs)),
    advantages: each((row) => row.advantage),
    weights: each((row) => row.weight),
    ...(initial === null ? {} : { initialLogprobs: floats(initial.flatMap((row) => [...row])) }),
  };
}
