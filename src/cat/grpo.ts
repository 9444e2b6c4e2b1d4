/** @file The scalar arithmetic of GRPO (Shao et al. 2024, arXiv 2402.03300, §4.1). The loss itself belongs to the trainer. */
import type { Reward } from "./types.ts";

const EPSILON = 1e-6;

/**
 * Group-relative advantages, `A_i = (r_i − mean) / (std + 1e-6)`, with the sample standard deviation (n − 1)
 * as verl's `compute_grpo_outcome_advantage` has it.
 * Differences: (1) `null` rewards are left out of the statistics; (2) a group without spread gives zeros by rule, not by ε.
 * @param rewards [G], each −1..1 or null.
 * @returns [G]; null where the reward was; all others 0 when they tie or are fewer than two.
 */
export function advantages(rewards: readonly Reward[]): (number | null)[] {
  const known = rewards.filter((r) => r !== null);
  const mean = known.reduce((sum, r) => sum + r, 0) / known.length;
  const spread = known.some((r) => r !== known[0]);
  const std = Math.sqrt(known.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (known.length - 1));
  return rewards.map((r) => (r === null ? null : spread ? (r - mean) / (std + EPSILON) : 0));
}
