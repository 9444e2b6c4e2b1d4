/** @file What the visitor has done, as the lesson sees it: read off the run as it is shown, whoever made the events. */
import type { Run } from "../../run/run.ts";
import type { Training } from "../../run/training.ts";

export type Signal =
  | ("answers" | "guess" | "reference" | "rewards" | "key" | "keys" | "verdicts" | "edited" | "override" | "undo")
  | ("foretold" | "measured" | "learnt");

/** How many opened keys make "keys". */
export const KEYS = 3;

/**
 * @param guessed something was foretold about this run.
 * @param keys runs whose key was opened during the lesson.
 */
export function signalsOf(run: Run, guessed: boolean, keys: number): ReadonlySet<Signal> {
  const found = new Set<Signal>();
  if (guessed) found.add("guess");
  if (keys >= KEYS) found.add("keys");
  const group = run.groups[0];
  if (group === undefined) return found;
  if (group.rollouts.length > 0 && group.rollouts.every(({ ended }) => ended !== undefined)) found.add("answers");
  if (group.references.synthesis?.finished !== undefined) found.add("reference");
  if (group.finished !== undefined) found.add(group.task.kind === "open" ? "verdicts" : "rewards");
  if (group.labels.length > 0) found.add("key");
  if (group.rubric?.finished?.source === "visitor") found.add("edited");
  if (group.corrections.length > 0) found.add("override");
  if (group.corrections.some(({ undone }) => undone)) found.add("undo");
  return found;
}

/** @param training on the screen, if one is. @param foretold what will come of it. */
export function signalsOfTraining(training: Training | null, foretold: boolean): ReadonlySet<Signal> {
  const found = new Set<Signal>();
  if (foretold) found.add("foretold");
  if (training?.lines.synthesis !== undefined) found.add("measured");
  if ((training?.scores.length ?? 0) > 1) found.add("learnt");
  return found;
}
