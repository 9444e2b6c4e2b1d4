/** @file The answers of a run as rows, for Markdown and CSV: what was found in each and what counts for it now, corrections by a person included. */
import { effectiveGroup } from "../../run/effective.ts";
import type { GroupState } from "../../run/run.ts";
import { behaviourOf, behaviourText } from "../state/behaviour.ts";

export interface AnswerRow {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly ended: "stop" | "length" | null;
  readonly tokens: number;
  /** The answer found in it, or on how many inputs a program agrees; `null`: none, or nothing to find. */
  readonly answer: string | null;
  /** The same as the reference; `undefined`: not compared. */
  readonly same: boolean | null | undefined;
  /** By place in the list of criteria; `undefined`: not judged. */
  readonly met: readonly (boolean | null | undefined)[];
  /** `undefined`: not there yet. */
  readonly reward: number | null | undefined;
  readonly advantage: number | null | undefined;
  /** Of the model and the checker alone, before a person had a say. */
  readonly rewardBefore: number | null | undefined;
  readonly note: string;
  /** What the opened key says; `undefined`: it is sealed. */
  readonly correct: boolean | null | undefined;
}

export function answerRows(group: GroupState): readonly AnswerRow[] {
  const effective = effectiveGroup(group);
  return group.rollouts.map((rollout, index) => {
    const { kept, same, met, reward, advantage, corrected } = effective.rollouts[index]!;
    const { text, ended = null, tokens, equivalence, tests } = rollout;
    return {
      number: index + 1,
      text,
      ended,
      tokens,
      answer: tests === undefined ? (equivalence?.extracted ?? null) : behaviourText(behaviourOf(tests)),
      same,
      met: group.criteria.map(({ id }) => met[id]),
      reward,
      advantage,
      rewardBefore: rollout.reward,
      note: [kept ?? "", corrected ? "corrected by a person" : ""].filter((word) => word !== "").join(", "),
      correct: group.labels.findLast((label) => label.rollout === index)?.correct,
    };
  });
}
