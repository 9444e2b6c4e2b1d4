/** @file A group as it counts once a person has had a say, in the shape of a group, so that cards, matrix and sums show what counts. What was logged is in the group it is made from. */
import { answerIn } from "../../cat/reference/finished.ts";
import { comparisonUnder, type Correction, standing, standingEdit } from "../../run/correction.ts";
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
    [aggregator]: { text, finished: { ...finished, ...whole, extracted: answerIn(whole, group.task.kind) } },
  };
  return { ...counted, references };
}

/** What a person did with an answer; null where nothing. */
export function keptOf(group: GroupState, { seq }: RolloutState): "pin" | "drop" | null {
  const value = standing(group, seq)?.value;
  return value === "pin" || value === "drop" ? value : null;
}

function countedRollout(
  group: GroupState,
  rollout: RolloutState,
  { met, same, reward, advantage }: EffectiveRollout,
  edit: Correction | null,
): RolloutState {
  const comparison = comparisonUnder(edit, rollout);
  const tests: Tests | undefined = comparison?.type === "tests" ? comparison : undefined;
  const decided = standing(group, comparison?.seq) !== null && same !== undefined;
  return {
    ...rollout,
    reward,
    advantage,
    equivalence: comparison?.type === "equivalence" ? { ...comparison, equivalent: same ?? null } : undefined,
    tests: tests !== undefined && decided ? ({ ...tests, decided: same } as Tests) : tests,
    verdicts: rollout.verdicts.map((verdict, id) => {
      if (verdict === undefined || standing(group, verdict.seq) === null) return verdict;
      return { ...verdict, met: met[id] ?? null, by: "human" };
    }),
  };
}
