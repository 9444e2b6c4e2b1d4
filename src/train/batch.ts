/**
 * @file From groups of rewarded rollouts to rows with a weight for each token in the loss (DeepSeekMath §4.1, Eq. 3: mean over the tokens of a
 * rollout, over the rollouts of a group, over groups). Differences: (1) `null` rewards are left out; (2) groups without spread have no advantage,
 * so they are not run, but count where a mean is taken: with β = 0 that changes nothing, with more their divergence is not held back;
 * (3) `token-mean` gives every token of the batch one weight instead (DAPO, arXiv 2503.14476, Eq. 12).
 */
import { advantages } from "../cat/grpo.ts";
import type { Reward, Rollout } from "../cat/types.ts";

/** Rollouts of one task and what each was rewarded with, as run. */
export interface TrainGroup {
  /** Tokens of the rendered prompt, at least one. */
  readonly prompt: readonly number[];
  readonly rollouts: readonly Pick<Rollout, "tokenIds" | "logprobs" | "entropies">[];
  /** [rollouts] */
  readonly rewards: readonly Reward[];
}

export type Averaging = "sequence-mean" | "token-mean";

/** A prompt and what followed it. */
export interface Sequence {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** One rollout that is learnt from. */
export interface TrainRow extends Sequence {
  /** [completion] */
  readonly oldLogprobs: readonly number[];
  readonly advantage: number;
  /** Of each token of the completion, in the loss. */
  readonly weight: number;
}

/** @throws {RangeError} if a rollout has not one log-probability a token */
export function trainRows(groups: readonly TrainGroup[], averaging: Averaging): TrainRow[] {
  const known = groups
    .map(({ prompt, rollouts, rewards }) => {
      const all = advantages(rewards);
      return rollouts.flatMap(({ tokenIds, logprobs }, i) => {
        const advantage = all[i];
        // A rollout without a token has nothing to learn from.
        if (advantage === null || advantage === undefined || tokenIds.length === 0) return [];
        if (logprobs.length !== tokenIds.length) {
          throw new RangeError(`a rollout has ${tokenIds.length} tokens and ${logprobs.length} log-probabilities`);
        }
        return [{ prompt, completion: tokenIds, oldLogprobs: logprobs, advantage }];
      });
    })
    .filter(({ length }) => length > 0);
  const tokens = known.flat().reduce((sum, { completion }) => sum + completion.length, 0);
  return known
    .filter((rows) => rows.some(({ advantage }) => advantage !== 0))
    .flatMap((rows) =>
      rows.map((row) => {
        const share = known.length * rows.length * row.completion.length;
        return { ...row, weight: 1 / (averaging === "token-mean" ? tokens : share) };
      }),
    );
}
