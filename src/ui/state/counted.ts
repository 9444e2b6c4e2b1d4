/** @file A group as it counts once a person has had a say, in the shape of a group, so that cards, matrix and sums show what counts. What was logged is in the group it is made from. */
import { finalAnswer, finalProgram } from "../../cat/answer.ts";
import type { TaskKind } from "../../cat/types.ts";
import { type Correction, standing, standingEdit } from "../../run/correction.ts";
import { effectiveGroup, type EffectiveRollout } from "../../run/effective.ts";
import type { GroupState, RolloutState } from "../../run/run.ts";
import type { Tests } from "./behaviour.ts";

/** The same object where no person has changed anything. */
export function countedGroup(group: GroupState): GroupState {
  if (group.corrections.every(({ undone }) => undone) && group.rubrics.length < 2) return group;
  const { rollouts, reference } = effectiveGroup(group);
  const edit = standingEdit(group);
  const counted = {
    ...group,
    finished: group.finished && { ...group.finished, advantages: rollouts.map(({ advantage }) => advantage ?? null) },
    rollouts: group.rollouts.map((rollout, i) => countedRollout(group, rollout, rollouts[i]!, edit)),
  };
  if (reference?.edited !== true) return counted;
  const { aggregator, text } = reference;
  const whole = { text, ended: "stop" } as const;
  const finished = group.references[aggregator]!.finished!;
  const references = {
    ...group.references,
    [aggregator]: { text, finished: { ...finished, ...whole, extracted: extractedFrom(whole, group.task.kind) } },
  };
  return { ...counted, references };
}

/** The correction of an event that counts; null without one. */
export function correctionOf(group: GroupState, seq: number | undefined): Correction | null {
  return seq === undefined ? null : standing(group, seq);
}

/** What a person did with an answer; null where nothing. */
export function keptOf(group: GroupState, { seq }: RolloutState): "pin" | "drop" | null {
  const value = correctionOf(group, seq)?.value;
  return value === "pin" || value === "drop" ? value : null;
}

function countedRollout(
  group: GroupState,
  rollout: RolloutState,
  { met, same, reward, advantage }: EffectiveRollout,
  edit: Correction | null,
): RolloutState {
  const comparison = edit === null ? (rollout.equivalence ?? rollout.tests) : rollout.recompared[edit.seq];
  const tests: Tests | undefined = comparison?.type === "tests" ? comparison : undefined;
  const decided = correctionOf(group, comparison?.seq) !== null && same !== undefined;
  return {
    ...rollout,
    reward,
    advantage,
    equivalence: comparison?.type === "equivalence" ? { ...comparison, equivalent: same ?? null } : undefined,
    tests: tests !== undefined && decided ? ({ ...tests, decided: same } as Tests) : tests,
    verdicts: rollout.verdicts.map((verdict, id) => {
      if (verdict === undefined || correctionOf(group, verdict.seq) === null) return verdict;
      return { ...verdict, met: met[id] ?? null, by: "human" };
    }),
  };
}

function extractedFrom(written: { text: string; ended: "stop" }, kind: TaskKind): string | null {
  if (kind === "open") return null;
  return kind === "math" ? finalAnswer(written) : (finalProgram(written)?.source ?? null);
}
