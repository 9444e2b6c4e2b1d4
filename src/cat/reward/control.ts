/**
 * @file The sceptic's controls of a training (Shao et al. 2025, "Spurious rewards", arXiv 2506.10947): rewards that say nothing about the
 * rollouts. What is learnt from these too is not learnt from the reference.
 */
import type { GroupEvent } from "../../run/event.ts";
import { philox4x32 } from "../../run/seed.ts";
import type { CatOptions } from "../options.ts";
import type { Group, Reward } from "../types.ts";

/** In the counter where a purpose stands; no purpose has it. */
const CONTROL = 1000;

/**
 * Passes all events on. With `random`, each decided reward is a coin's 0 or 1 in them and in what is returned; with `shuffled`, the group's
 * rewards are dealt out anew among its rollouts, undecided ones included.
 * @returns [G]
 */
export async function* controlRewards(
  steps: AsyncGenerator<GroupEvent, readonly Reward[]>,
  { rollouts }: Group,
  { control, seed, group }: CatOptions,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  if (control === undefined) return yield* steps;
  const chance = rollouts.map(({ index }) => chanceOf(seed, group, index));
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        const rewards =
          control === "random" ? value.map((reward, i) => coin(reward, chance[i]!)) : dealt(value, chance);
        for (const [i, { index }] of rollouts.entries()) yield { type: "reward", rollout: index, value: rewards[i]! };
        return rewards;
      }
      if (value.type !== "reward") yield value;
    }
  } finally {
    // Whoever leaves this early leaves the steps early.
    await steps.return([]);
  }
}

function coin(reward: Reward, chance: number): Reward {
  return reward === null ? null : chance % 2;
}

function dealt(rewards: readonly Reward[], chance: readonly number[]): Reward[] {
  return [...rewards.keys()].toSorted((a, b) => chance[a]! - chance[b]!).map((i) => rewards[i]!);
}

/** 32 bits. */
function chanceOf(seed: number, group: number, rollout: number): number {
  const words = Uint32Array.of(rollout, 0, CONTROL, 0);
  philox4x32(words, Uint32Array.of(seed, group), words);
  return words[0]!;
}
