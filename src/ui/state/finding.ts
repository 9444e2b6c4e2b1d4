/** @file What became of one answer, in a few words, whatever kind of task it answers. How it came about is in the note that opens. */
import type { TaskKind } from "../../cat/types.ts";
import type { GroupState, RolloutState } from "../../run/run.ts";
import { equalityText } from "../numbers.ts";
import { behaviourOf, behaviourText, samenessText } from "./behaviour.ts";
import { tallyOfAnswer } from "./rubric.ts";

export interface Finding {
  /** The final answer, or how many inputs or criteria. */
  readonly text: string;
  /** What to add where there is room; "" for nothing. */
  readonly detail: string;
  /** The text is the answer itself, which may be a formula; otherwise it is about the answer. */
  readonly isAnswer: boolean;
  /** Against the reference; `null` where a rubric stands between them. */
  readonly verdict: string | null;
}

/** `null` until something is known. */
export function findingOf({ task, criteria }: GroupState, rollout: RolloutState): Finding | null {
  const { equivalence, tests, verdicts } = rollout;
  switch (task.kind) {
    case "math":
      if (equivalence === undefined) return null;
      return {
        text: equivalence.extracted ?? "no answer found",
        detail: "",
        isAnswer: equivalence.extracted !== null,
        verdict: equalityText(equivalence.equivalent),
      };
    case "code": {
      if (tests === undefined) return null;
      const behaviour = behaviourOf(tests);
      return { text: behaviourText(behaviour), detail: "", isAnswer: false, verdict: samenessText(behaviour.same) };
    }
    case "open": {
      // The judge may have been asked for the same meaning in place of a rubric.
      if (equivalence !== undefined) {
        return { text: "meaning", detail: "", isAnswer: false, verdict: equalityText(equivalence.equivalent) };
      }
      const rest = { isAnswer: false, verdict: null };
      // A reward without a verdict: there was no criterion to judge by, or no answer to judge.
      if (verdicts.length === 0) {
        if (rollout.reward === undefined) return null;
        return { text: rollout.reward === null ? "nothing judged" : "no answer", detail: "", ...rest };
      }
      const { met, decided, judged, total } = tallyOfAnswer(rollout, criteria.length);
      if (judged < total) return { text: `${judged}/${total} judged`, detail: "", ...rest };
      const undecided = judged - decided;
      return { text: `${met}/${decided} met`, detail: undecided === 0 ? "" : `, ${undecided} undecided`, ...rest };
    }
    default:
      return task.kind satisfies never;
  }
}

/** What an answer is compared by, before it has been. */
export const compared: Record<TaskKind, string> = { math: "answer", code: "behaviour", open: "criteria met" };
