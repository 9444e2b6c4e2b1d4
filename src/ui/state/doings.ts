/** @file What a person did with a group, as a list to read and take back, and how often judge and checkers said the same. */
import type { Criterion } from "../../cat/types.ts";
import { agreement, type Tally } from "../../run/agreement.ts";
import { comparisonOf, type Correction } from "../../run/correction.ts";
import { sameIn } from "../../run/decided.ts";
import type { FinishedRubric } from "../../run/rubrics.ts";
import type { GroupState, Run } from "../../run/run.ts";
import { letterOf, metText } from "./rubric.ts";

export interface Doing {
  /** What an undo names. */
  readonly seq: number;
  /** What it was, with the model's own decision beside it. */
  readonly text: string;
  readonly note: string;
  readonly undone: boolean;
}

/** In the order in which it was done. */
export function doingsOf(group: GroupState): readonly Doing[] {
  const overrides = group.corrections.map((correction): Doing => {
    const { seq, note, undone } = correction;
    return { seq, text: textOf(group, correction), note, undone };
  });
  const rubrics = group.rubrics.slice(1).map(({ finished, undone }, i): Doing => {
    return { seq: finished.seq, text: rubricText(group.rubrics, i + 1), note: "", undone };
  });
  return [...overrides, ...rubrics].sort((a, b) => a.seq - b.seq);
}

/** What Ctrl+Z takes back; null when there is nothing. */
export function lastDoing(group: GroupState): Doing | null {
  return doingsOf(group).findLast(({ undone }) => !undone) ?? null;
}

/** "3 corrections by a person". */
export function countText(count: number): string {
  return count === 1 ? "1 correction by a person" : `${count} corrections by a person`;
}

/** Sentences on how often they agree; none where a person decided nothing. */
export function agreementTexts(run: Run): readonly string[] {
  const { verdicts, comparisons } = agreement(run);
  return [...tallyText(verdicts, "The judge", "verdicts"), ...tallyText(comparisons, "The checker", "comparisons")];
}

function tallyText({ agree, differ, modelUndecided }: Tally, who: string, what: string): readonly string[] {
  const total = agree + differ;
  const open = modelUndecided === 0 ? "" : `; ${modelUndecided} it had left undecided`;
  if (total === 0 && modelUndecided === 0) return [];
  return [`${who} agrees with the person on ${agree}/${total} ${what}${open}.`];
}

function textOf(group: GroupState, { what, value, target }: Correction): string {
  switch (what.of) {
    case "verdict": {
      const { rollout, criterion } = what;
      const logged = group.rollouts[rollout]!.judged.find(({ verdict }) => verdict.seq === target)?.verdict;
      const place = `Answer ${rollout + 1}, ${letterOf(criterion)}: ${metText(value as boolean | null)}`;
      return logged === undefined ? place : `${place} (the judge: ${metText(logged.met)})`;
    }
    case "comparison": {
      const logged = comparisonOf(group.rollouts[what.rollout]!, target);
      return `Answer ${what.rollout + 1}: ${sameText(value)} (the checker: ${sameText(sameIn(logged) ?? null)})`;
    }
    case "reference":
      return "Reference edited";
    case "rollout":
      return `Answer ${what.rollout + 1} ${value === "pin" ? "pinned" : "dropped"}`;
  }
}

/** "equal to the reference", "differs", "undecided". */
export function sameText(same: unknown): string {
  if (same === null) return "undecided";
  return same === true ? "the same" : "differs";
}

/** What changed against the rubric that stood when it was made. */
function rubricText(rubrics: readonly FinishedRubric[], index: number): string {
  const { finished } = rubrics[index]!;
  if (finished.source !== "visitor") return "Rubric written again by the anchor";
  const before = rubrics.slice(0, index).findLast(({ undone }) => !undone) ?? rubrics[index - 1]!;
  const parts = changesBetween(before.finished.criteria, finished.criteria);
  return parts.length === 0 ? "Rubric kept as it was" : `Rubric: ${parts.join(", ")}`;
}

function changesBetween(before: readonly Criterion[], now: readonly Criterion[]): readonly string[] {
  const was = new Map(before.map(({ id, text }) => [id, text]));
  const is = new Set(now.map(({ id }) => id));
  return [
    ...now.flatMap(({ id, text }) => {
      const old = was.get(id);
      return old === text ? [] : [`${letterOf(id)} ${old === undefined ? "added" : "changed"}`];
    }),
    ...before.filter(({ id }) => !is.has(id)).map(({ id }) => `${letterOf(id)} dropped`),
  ];
}
