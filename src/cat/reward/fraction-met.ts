/** @file The rubric's reward as a number: criteria met ÷ criteria decided (v3 §3.2.2; the paper counts undecided ones as not met). */
import type { Reward } from "../types.ts";

/** @returns 0..1; null when nothing was decided. */
export function fractionMet(verdicts: readonly (boolean | null)[]): Reward {
  const decided = verdicts.filter((v) => v !== null);
  return decided.length === 0 ? null : decided.filter(Boolean).length / decided.length;
}
