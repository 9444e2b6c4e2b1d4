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
}

export function noise(options: CatOptions, purpose: Purpose, rollout: number): NoiseSource {
  return { seed: options.seed, group: options.group, purpose, rollout };
}
