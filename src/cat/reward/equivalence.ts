/**
 * @file Verifiable reward: 1 if a rollout's final answer equals the reference's, else 0 (v3 §3.2.1).
 * Differences: (1) answers are compared as values, the paper compares boxed strings; (2) what cannot be decided is null.
 */
import type { GroupEvent } from "../../run/event.ts";
import { settleAnswers, type SymbolicChecker } from "../../verify/math/settle.ts";
import { finalAnswer } from "../answer.ts";
import type { Group, Reference, Reward } from "../types.ts";

/**
 * Each answer is compared once, however many rollouts give it.
 * @param symbolic asked about formulas alone that our own reader lacks; without it they stay undecided.
 * @returns [G]; all null without an answer in the reference; 0 without one in the rollout.
 */
export async function* rewardByEquivalence(
  group: Group,
  reference: Reference,
  symbolic: SymbolicChecker | null = null,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  const target = finalAnswer(reference);
  const known = new Map<string | null, Awaited<ReturnType<typeof compare>>>();
  const rewards: Reward[] = [];
  for (const rollout of group.rollouts) {
    const answer = finalAnswer(rollout);
    const verdict = known.get(answer) ?? (await compare(answer, target, symbolic));
    known.set(answer, verdict);
    yield { type: "equivalence", rollout: rollout.index, ...verdict };
    const value = verdict.equivalent === null ? null : verdict.equivalent ? 1 : 0;
    yield { type: "reward", rollout: rollout.index, value };
    rewards.push(value);
  }
  return rewards;
}

async function compare(answer: string | null, target: string | null, symbolic: SymbolicChecker | null) {
  const open = { normal: null, second: null };
  if (target === null) return { ...open, equivalent: null, extracted: answer, rule: "the reference has no answer" };
  if (answer === null) return { ...open, equivalent: false, extracted: null, rule: "no answer in the rollout" };
  const { equal, rule, a, second } = await settleAnswers(answer, target, { symbolic });
  return { equivalent: equal, extracted: answer, normal: a, rule, second };
}
