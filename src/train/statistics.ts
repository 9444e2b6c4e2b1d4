/** @file The numbers of a step, by the field's names (docs/formats.md, `step`). From plain values, so that they can be checked by hand. */
import { type Objective, tokenObjective } from "../cat/grpo.ts";
import type { TrainGroup, TrainRow } from "./batch.ts";

/** Of an update: means over the tokens that were learnt from, except the loss. */
interface LossStatistics {
  readonly loss: number;
  /** `null` without a coefficient: `initialPolicy` was not asked. */
  readonly kl: number | null;
  /** Share of tokens from which nothing is learnt, since they have gone too far. */
  readonly clipFraction: number;
}

export interface UpdateStatistics extends LossStatistics {
  /** Before clipping. */
  readonly gradNorm: number;
}

export interface BatchStatistics {
  /** `null` without rewards, as the next two. */
  readonly rewardMean: number | null;
  /** Mean over groups of the sample standard deviation. */
  readonly rewardStd: number | null;
  /** Share of groups without spread, which are skipped. */
  readonly fracRewardZeroStd: number | null;
  /** Nats, mean over tokens, when they were drawn; `null` where none were told. */
  readonly entropy: number | null;
  /** Of a completion, its end token included. */
  readonly meanTokens: number | null;
}

/** @param logprobs [rows][tokens] @param initial as logprobs; `null` if not asked */
export function lossStatistics(
  rows: readonly TrainRow[],
  logprobs: readonly Float32Array[],
  initial: readonly Float32Array[] | null,
  objective: Objective,
): LossStatistics {
  let [loss, kl, clipped, tokens] = [0, 0, 0, 0];
  for (const [i, { oldLogprobs, advantage, weight }] of rows.entries()) {
    for (const [t, oldLogprob] of oldLogprobs.entries()) {
      const initialLogprob = initial === null ? null : initial[i]![t]!;
      const token = tokenObjective({ logprob: logprobs[i]![t]!, oldLogprob, initialLogprob }, advantage, objective);
      loss -= weight * token.value;
      kl += token.kl ?? 0;
      clipped += Number(token.isClipped);
      tokens++;
    }
  }
  return { loss, kl: initial === null ? null : kl / tokens, clipFraction: clipped / tokens };
}

export function batchStatistics(groups: readonly TrainGroup[]): BatchStatistics {
  const rewards = groups.map((group) => group.rewards.filter((reward) => reward !== null));
  const known = rewards.filter(({ length }) => length > 0);
  const rollouts = groups.flatMap((group) => group.rollouts);
  return {
    rewardMean: mean(known.flat()),
    rewardStd: mean(known.map(deviation)),
    fracRewardZeroStd: mean(known.map((group) => Number(group.every((reward) => reward === group[0])))),
    entropy: mean(rollouts.flatMap(({ entropies }) => entropies)),
    meanTokens: mean(rollouts.map(({ tokenIds }) => tokenIds.length)),
  };
}

/** Of several updates with one batch; of none, where nothing was to be learnt, zeros. */
export function meanOf(updates: readonly UpdateStatistics[]): UpdateStatistics {
  if (updates.length === 0) return { loss: 0, kl: null, clipFraction: 0, gradNorm: 0 };
  const of = (name: "loss" | "clipFraction" | "gradNorm"): number => mean(updates.map((update) => update[name]))!;
  return {
    loss: of("loss"),
    kl: mean(updates.flatMap((update) => (update.kl === null ? [] : [update.kl]))),
    clipFraction: of("clipFraction"),
    gradNorm: of("gradNorm"),
  };
}

function mean(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** 0 of fewer than two. */
function deviation(numbers: readonly number[]): number {
  const centre = mean(numbers)!;
  const squares = numbers.reduce((sum, number) => sum + (number - centre) ** 2, 0);
  return numbers.length < 2 ? 0 : Math.sqrt(squares / (numbers.length - 1));
}
