/** @file The length penalty: a rollout over the limit loses 1 of its reward, so that saying more is not the way to be paid more (v1 App. E, v3 App. H). */
import type { GroupEvent } from "../../run/event.ts";
import type { CatOptions } from "../options.ts";
import type { Group, Reward } from "../types.ts";

type Rewarding = Generator<GroupEvent, readonly Reward[]> | AsyncGenerator<GroupEvent, readonly Reward[]>;

/**
 * Passes all events on; rewards of long rollouts are one lower in them and in what is returned. Undecided stays undecided.
 * Without a limit nothing is too long; a rollout of exactly as many tokens is not.
 * @returns [G]
 */
export async function* penalizeLength(
  steps: Rewarding,
  { rollouts }: Group,
  { lengthPenalty: limit = Infinity }: CatOptions,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  const tooLong = new Set(rollouts.filter(({ tokenIds }) => tokenIds.length > limit).map(({ index }) => index));
  const paid = (rollout: number, value: Reward) => (value !== null && tooLong.has(rollout) ? value - 1 : value);
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return rollouts.map(({ index }, i) => paid(index, value[i]!));
      yield value.type === "reward" ? { ...value, value: paid(value.rollout, value.value) } : value;
    }
  } finally {
    // Whoever leaves this early leaves the steps early.
    await steps.return([]);
  }
}
