/**
 * @file Verifiable reward: 1 if a rollout's final answer equals the reference's, else 0 (v3 §3.2.1).
 * Differences: (1) answers are compared as values, the paper compares boxed strings; (2) what cannot be decided is null.
 */
import type { GroupEvent } from "../../run/event.ts";
import { sameAnswer } from "../../verify/math/equivalent.ts";
import { finalAnswer } from "../answer.ts";
import type { Group, Reference, Reward } from "../types.ts";

/** @returns [G]; all null without an answer in the reference; 0 without one in the rollout. */
export function* rewardByEquivalence(group: Group, reference: Reference): Generator<GroupEvent, readonly Reward[]> {
  const target = finalAnswer(reference);
  const rewards: Reward[] = [];
  for (const rollout of group.rollouts) {
    const verdict = compare(finalAnswer(rollout), target);
    yield { type: "equivalence", rollout: rollout.index, ...verdict, second: null };
    const value = verdict.equivalent === null ? null : verdict.equivalent ? 1 : 0;
    yield { type: "reward", rollout: rollout.index, value };
    rewards.push(value);
  }
  return rewards;
}

function compare(answer: string | null, target: string | null) {
  if (target === null)
    return { equivalent: null, extracted: answer, normal: null, rule: "the reference has no answer" };
  if (answer === null) return { equivalent: false, extracted: null, normal: null, rule: "no answer in the rollout" };
  const { equal, rule, a } = sameAnswer(answer, target);
  return { equivalent: equal, extracted: answer, normal: a, rule };
}
