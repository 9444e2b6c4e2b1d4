/**
 * @file What a training has come to on held-out items: whether the student passed its teacher, which step was best. From the log alone; nothing here
 * is fed back. Whether its errors feed themselves is in training-alarms.ts.
 */
import { beside, type Beside } from "./beside.ts";
import { type Alarm, alarmsOf } from "./training-alarms.ts";
import type { Evaluation, Training } from "./training.ts";

export interface Crossing extends Beside {
  /** By more than the standard error of the difference; otherwise it may be chance. */
  readonly isBeyondError: boolean;
  /** The last evaluation is above the teacher too. */
  readonly lasts: boolean;
}

export type Outcome =
  /** Nothing was evaluated after the start, or the start is not known. */
  | { readonly of: "unknown" }
  /** `best`: beside the initial greedy. */
  | { readonly of: "below"; readonly best: Beside }
  /** A single sample is as good as the initial greedy was, and no evaluation is above the teacher: what the policy knew comes more often. */
  | { readonly of: "sharpened"; readonly greedy: Beside; readonly teacher: Beside }
  | { readonly of: "crossed"; readonly crossing: Crossing };

export interface Findings {
  readonly outcome: Outcome;
  /** The highest score that stands, the first of equals; null before any. */
  readonly best: Evaluation | null;
  readonly alarms: readonly Alarm[];
}

export function findingsOf(training: Pick<Training, "steps" | "scores" | "lines">): Findings {
  const { scores } = training;
  const best = scores.reduce<Evaluation | null>((a, b) => (a === null || b.score.mean > a.score.mean ? b : a), null);
  return { outcome: outcomeOf(training), best, alarms: alarmsOf(training) };
}

export function outcomeOf({ lines, scores }: Pick<Training, "lines" | "scores">): Outcome {
  const { single, greedy, synthesis } = lines;
  const later = scores.filter(({ step }) => step > 0);
  if (single === undefined || greedy === undefined || synthesis === undefined || later.length === 0) {
    return { of: "unknown" };
  }
  const first = later.find(({ score }) => score.mean > synthesis.score.mean);
  if (first !== undefined) return { of: "crossed", crossing: crossingOf(first, synthesis, later.at(-1)!) };
  const best = later.reduce((a, b) => (b.score.mean > a.score.mean ? b : a));
  const toGreedy = beside(best, greedy);
  // Where a single sample was as good as greedy from the start, nothing was sharpened.
  const risen = best.score.mean > single.score.mean;
  if (!risen || toGreedy.difference < 0) return { of: "below", best: toGreedy };
  return { of: "sharpened", greedy: toGreedy, teacher: beside(best, synthesis) };
}

function crossingOf(score: Evaluation, teacher: Evaluation, last: Evaluation): Crossing {
  const compared = beside(score, teacher);
  const lasts = last.score.mean > teacher.score.mean;
  return { ...compared, isBeyondError: compared.difference > compared.se, lasts };
}
