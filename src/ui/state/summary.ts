/** @file What a group's rewards come to: how many agree, mean, spread, which answers or behaviours there were. Counts only what was decided. */
import type { GroupState, RolloutState } from "../../run/run.ts";
import { behaviourKey, behaviourOf, behaviourText } from "./behaviour.ts";

export interface AnswerCount {
  /** The answer itself; of programs, what it did. `null`: no answer was found. */
  readonly answer: string | null;
  /** Answer numbers, from 1. */
  readonly numbers: readonly number[];
  /** `null`: not decided, or not yet compared. */
  readonly equal: boolean | null;
}

export interface RewardSummary {
  readonly size: number;
  /** Rollouts that agree with the reference; `null` where a rubric is asked, which knows no agreement. */
  readonly agree: number | null;
  /** Rollouts whose reward could not be decided. */
  readonly undecided: number;
  /** Mean of the decided rewards; `null` without any. */
  readonly mean: number | null;
  /** Sample standard deviation (n − 1) of the decided rewards; `null` below two. */
  readonly spread: number | null;
  /** All advantages are 0: the group teaches nothing. */
  readonly noSignal: boolean;
  /** Most frequent first; none of open tasks. */
  readonly answers: readonly AnswerCount[];
}

/** `null` until the first answer has been compared. */
export function summaryOf(group: GroupState): RewardSummary | null {
  const { rollouts, task } = group;
  const untouched = ({ equivalence, tests, reward }: RolloutState) =>
    equivalence === undefined && tests === undefined && reward === undefined;
  // Of an edited reference nothing is known before the answers are compared again.
  if (rollouts.every(untouched)) return null;
  const rewards = rollouts.map((r) => r.reward).filter((r) => r !== null && r !== undefined);
  const mean = rewards.length === 0 ? null : rewards.reduce((a, b) => a + b, 0) / rewards.length;
  const spread =
    mean === null || rewards.length < 2
      ? null
      : Math.sqrt(rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (rewards.length - 1));
  const advantages = group.finished?.advantages;
  return {
    size: rollouts.length,
    // The judge may have been asked for the same meaning in place of a rubric.
    agree:
      task.kind === "open" && rollouts.every((r) => r.equivalence === undefined)
        ? null
        : rollouts.filter((r) => sameAs(r) === true).length,
    undecided: rollouts.filter((r) => r.reward === null).length,
    mean,
    spread,
    noSignal: advantages !== undefined && advantages.every((a) => a === 0 || a === null),
    answers: task.kind === "open" ? [] : answersOf(rollouts),
  };
}

function sameAs({ equivalence, tests }: RolloutState): boolean | null {
  if (tests !== undefined) return behaviourOf(tests).same;
  return equivalence?.equivalent ?? null;
}

function answersOf(rollouts: readonly RolloutState[]): readonly AnswerCount[] {
  const byKey = new Map<string | null, { answer: string | null; numbers: number[]; equal: boolean | null }>();
  for (const [index, rollout] of rollouts.entries()) {
    const { equivalence, tests } = rollout;
    if (equivalence === undefined && tests === undefined) continue;
    const key = tests !== undefined ? behaviourKey(tests) : (equivalence?.normal ?? equivalence?.extracted ?? null);
    const entry = byKey.get(key);
    if (entry !== undefined) {
      entry.numbers.push(index + 1);
      continue;
    }
    const answer = tests !== undefined ? behaviourText(behaviourOf(tests)) : (equivalence?.extracted ?? null);
    byKey.set(key, { answer, numbers: [index + 1], equal: sameAs(rollout) });
  }
  return [...byKey.values()].sort((a, b) => b.numbers.length - a.numbers.length);
}
