/** @file Two held-out scores beside each other, with the error of their difference. */
import type { Evaluation } from "./training.ts";

/** A score of the student beside a fixed line. */
export interface Beside {
  readonly score: Evaluation;
  readonly line: Evaluation;
  readonly difference: number;
  /** Of the difference, as if the two had been scored on different items. They share them, so it is an upper bound: pairs are not logged. */
  readonly se: number;
}

export function beside(score: Evaluation, line: Evaluation): Beside {
  const se = Math.hypot(score.score.se, line.score.se);
  return { score, line, difference: score.score.mean - line.score.mean, se };
}
