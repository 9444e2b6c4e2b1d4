/** @file A task of a training's step in few words: for its head, and why nothing was learnt from it. */
import type { GroupState } from "../../run/run.ts";
import { summaryOf } from "./summary.ts";

/** Why the group was left out of the step; null where it was learnt from. */
export function skippedWords(group: GroupState): string | null {
  const summary = summaryOf(group);
  if (summary === null) return null;
  if (summary.mean === null) return "Skipped: no reward could be decided, so nothing was learnt from it.";
  if (!summary.noSignal) return null;
  return "Skipped: all rewards are equal, so every advantage is 0 and nothing was learnt from it.";
}

/** "5/8 agree", "mean reward 0.63", "skipped"; "" before there are rewards. */
export function taskSummary(group: GroupState): string {
  const summary = summaryOf(group);
  if (summary === null) return "";
  const { agree, size, mean } = summary;
  const rewards = agree !== null ? `${agree}/${size} agree` : mean === null ? "" : `mean reward ${mean.toFixed(2)}`;
  return [rewards, skippedWords(group) === null ? "" : "skipped"].filter((words) => words !== "").join(", ");
}
