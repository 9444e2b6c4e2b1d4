/** @file The scalar arithmetic of GRPO (Shao et al. 2024, arXiv 2402.03300, §4.1). Its gradient belongs to the trainer (train/grpo-loss.ts). */
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

/** One token of a rollout, under the policy as it is, as it was when it drew the token, and as it started. */
export interface TokenLogprobs {
  readonly logprob: number;
  readonly oldLogprob: number;
  /** `null`: not asked. */
  readonly initialLogprob: number | null;
}

/** ε and β of Eq. 3. */
export interface Objective {
  readonly clipRange: number;
  /** 0 leaves `initialPolicy` out. */
  readonly klCoefficient: number;
}

export interface TokenObjective {
  /** What GRPO maximises, `min(ρ A, clip(ρ, 1 − ε, 1 + ε) A) − β k` (Eq. 3), with ρ the ratio of new to old probability. */
  readonly value: number;
  /** `k = π₀ / π − log (π₀ / π) − 1` (Eq. 4), an unbiased estimate of the divergence from the start, called k3; `null` where it was not asked. */
  readonly kl: number | null;
  /** Has the ratio gone so far the way of the advantage that nothing more is gained? */
  readonly isClipped: boolean;
}

export function tokenObjective(token: TokenLogprobs, advantage: number, objective: Objective): TokenObjective {
  const { logprob, oldLogprob, initialLogprob } = token;
  const { clipRange, klCoefficient } = objective;
  const ratio = Math.exp(logprob - oldLogprob);
  const clipped = Math.min(Math.max(ratio, 1 - clipRange), 1 + clipRange);
  const surrogate = Math.min(ratio * advantage, clipped * advantage);
  const away = initialLogprob === null ? null : initialLogprob - logprob;
  const kl = away === null ? null : Math.exp(away) - away - 1;
  const isClipped = advantage > 0 ? ratio > 1 + clipRange : advantage < 0 && ratio < 1 - clipRange;
  return { value: surrogate - klCoefficient * (kl ?? 0), kl, isClipped };
}
