/** @file What a run of the method can be told. Every value lands in the run's header or can be derived from it. */
import type { Clock, NoiseSource, Purpose, Sampling } from "./models.ts";

export interface CatOptions {
  /** G, at least 1. */
  readonly groupSize: number;
  /** 0..2³²−1. */
  readonly seed: number;
  /** Number of the group in its run, from 0. */
  readonly group: number;
  /** How the policy samples. The anchor writes greedily. */
  readonly sampling: Sampling;
  /** Limit of every generated text, in tokens. */
  readonly maxTokens: number;
  readonly now: Clock;
  /** What makes the reference. The synthesis when left out; the others are the paper's rivals, for ablations of the training. */
  readonly aggregator?: "synthesis" | "majority" | "selfBestOfN";
  /** Rewards that say nothing, in place of the method's. None when left out. */
  readonly control?: "random" | "shuffled";
  /** Open tasks: what the rubric is written from. The reference when left out; the prompt is the paper's ablation (v3 A.2). */
  readonly rubricFrom?: "reference" | "prompt";
  /** Open tasks: how they are judged. By a rubric when left out; sameMeaning is the paper's ablation (v3 §4.3). */
  readonly rewardBy?: "rubric" | "sameMeaning";
  /** Rollouts of more tokens than this, the end token included, lose 1 of their reward (v3 App. H: 750, on HealthBench). No penalty when left out. */
  readonly lengthPenalty?: number;
  /** Open tasks: asks the judge where each step of the reference comes from. Not when left out. */
  readonly sources?: boolean;
  /** Asks the other methods as well, once the method is done. Not when left out. */
  readonly others?: boolean;
}

export const GREEDY: Sampling = { temperature: 0, topK: null, topP: null };

export function noise(options: CatOptions, purpose: Purpose, rollout: number): NoiseSource {
  return { seed: options.seed, group: options.group, purpose, rollout };
}
