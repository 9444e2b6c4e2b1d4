/** @file What an opened key says of a group, in words. Labels are in the log only once it is open; nothing here decides what is right. */
import type { Aggregator } from "../../cat/types.ts";
import type { GroupState } from "../../run/run.ts";
import { percent } from "../numbers.ts";

export type Label = GroupState["labels"][number];

/** Of an answer, by its index; undefined while the key is sealed. */
export function labelOfRollout(group: GroupState | undefined, index: number): Label | undefined {
  return group?.labels.findLast(({ rollout }) => rollout === index);
}

export function labelOfMethod(group: GroupState | undefined, method: Aggregator): Label | undefined {
  return group?.labels.findLast(({ aggregator, rollout }) => aggregator === method && rollout === null);
}

/** What the key itself says; null where it is sealed, or a file does not tell. */
export function keyAnswer(group: GroupState): string | null {
  return group.labels.find(({ rollout, aggregator }) => rollout === null && aggregator === null)?.answer ?? null;
}

/** How many answers are right, of those that the key speaks of; of advice null. */
function rightAnswers({ labels }: GroupState): { readonly right: number; readonly of: number } | null {
  const known = labels.filter(({ rollout, correct }) => rollout !== null && correct !== null);
  return known.length === 0 ? null : { right: known.filter(({ correct }) => correct).length, of: known.length };
}

/** On how many answers reward and key say the same, of those where both speak; null of none. */
export function rewardAgreement(group: GroupState): { readonly same: number; readonly of: number } | null {
  const both = group.rollouts.flatMap(({ reward }, index) => {
    const correct = labelOfRollout(group, index)?.correct ?? null;
    return typeof reward !== "number" || correct === null ? [] : [reward > 0 === correct];
  });
  return both.length === 0 ? null : { same: both.filter(Boolean).length, of: both.length };
}

/** "right", "wrong", of advice "covers 56 %", of a mean "5/8 right". */
export function labelText({ correct, score, aggregator }: Label, group: GroupState): string {
  if (correct !== null) return correct ? "right" : "wrong";
  if (score === null) return "undecided";
  const answers = rightAnswers(group);
  if (aggregator === "single" && answers !== null) return `${answers.right}/${answers.of} right`;
  return `covers ${percent(score)}`;
}

/** Said aloud once the key is open, and shown in its card. */
export function keySentences(group: GroupState): readonly string[] {
  const answers = rightAnswers(group);
  const rewards = answers === null ? null : rewardAgreement(group);
  const said = (method: Aggregator, name: string): string[] => {
    const label = labelOfMethod(group, method);
    return label === undefined ? [] : [`${name} ${label.correct === null ? "" : "is "}${labelText(label, group)}`];
  };
  const methods = [...said("majority", "the vote"), ...said("synthesis", "the synthesis")].join(", ");
  return [
    ...(answers === null ? [] : [`${answers.right}/${answers.of} answers are right.`]),
    ...(methods === "" ? [] : [`${methods[0]!.toUpperCase()}${methods.slice(1)}.`]),
    ...(rewards === null ? [] : [`The reward says what the key says of ${rewards.same}/${rewards.of} answers.`]),
  ];
}
