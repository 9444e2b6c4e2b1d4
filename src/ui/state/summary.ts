/** @file What a group's rewards come to: how many agree, mean, spread, which answers there were. Counts only what was decided. */
import type { GroupState } from "../../run/run.ts";

export interface AnswerCount {
  /** `null`: no answer was found. */
  readonly answer: string | null;
  /** Answer numbers, from 1. */
  readonly numbers: readonly number[];
  /** `null`: not decided, or not yet compared. */
  readonly equal: boolean | null;
}

export interface RewardSummary {
  readonly size: number;
  /** Rollouts found equal to the reference. */
  readonly agree: number;
  /** Rollouts whose reward could not be decided. */
  readonly undecided: number;
  /** Mean of the decided rewards; `null` without any. */
  readonly mean: number | null;
  /** Sample standard deviation (n − 1) of the decided rewards; `null` below two. */
  readonly spread: number | null;
  /** All advantages are 0: the group teaches nothing. */
  readonly noSignal: boolean;
  /** Most frequent first. */
  readonly answers: readonly AnswerCount[];
}

/** `null` until the first answer has been compared. */
export function summaryOf(group: GroupState): RewardSummary | null {
  const { rollouts } = group;
  if (rollouts.every((r) => r.equivalence === undefined && r.reward === undefined)) return null;
  const rewards = rollouts.map((r) => r.reward).filter((r) => r !== null && r !== undefined);
  const mean = rewards.length === 0 ? null : rewards.reduce((a, b) => a + b, 0) / rewards.length;
  const spread =
    mean === null || rewards.length < 2
      ? null
      : Math.sqrt(rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (rewards.length - 1));
  const advantages = group.finished?.advantages;
  return {
    size: rollouts.length,
    agree: rollouts.filter((r) => r.equivalence?.equivalent === true).length,
    undecided: rollouts.filter((r) => r.reward === null).length,
    mean,
    spread,
    noSignal: advantages !== undefined && advantages.every((a) => a === 0 || a === null),
    answers: answersOf(group),
  };
}

function answersOf(group: GroupState): readonly AnswerCount[] {
  const byNormal = new Map<string | null, { answer: string | null; numbers: number[]; equal: boolean | null }>();
  for (const [index, { equivalence }] of group.rollouts.entries()) {
    if (equivalence === undefined) continue;
    const key = equivalence.normal ?? equivalence.extracted;
    const entry = byNormal.get(key);
    if (entry === undefined) {
      byNormal.set(key, { answer: equivalence.extracted, numbers: [index + 1], equal: equivalence.equivalent });
    } else entry.numbers.push(index + 1);
  }
  return [...byNormal.values()].sort((a, b) => b.numbers.length - a.numbers.length);
}
