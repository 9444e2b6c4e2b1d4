/** @file Where to draw the line between foreign prompts and those of the small world, and what a line costs. Knows no scores. */

/** What the milestone asks for: of foreign prompts caught, of held-out ones flagged. */
export const GOAL = { caught: 0.95, flagged: 0.02 };
/** Most that may be flagged of what a visitor would ask of this world in words of their own. */
export const MOST_OWN = 0.15;

/** `own`: a question of this world in words that nobody trained on. */
export type Sort = "foreign" | "heldOut" | "own";

export interface Rates {
  readonly threshold: number;
  /** Of the foreign prompts, share below the threshold. */
  readonly caught: number;
  /** Of the held-out prompts, share below it. */
  readonly flagged: number;
  /** Of the prompts in own words, share below it. */
  readonly own: number;
}

export interface Scored {
  readonly sort: Sort;
  readonly score: number;
}

/** A prompt is taken for foreign where its score is below the threshold. */
export function ratesAt(threshold: number, prompts: readonly Scored[]): Rates {
  const below = (sort: Sort) => {
    const group = prompts.filter((p) => p.sort === sort);
    return group.filter(({ score }) => score < threshold).length / group.length;
  };
  return { threshold, caught: below("foreign"), flagged: below("heldOut"), own: below("own") };
}

/** The strictest threshold that flags no more of this world's own prompts than it may. @throws RangeError if each flags more. */
export function chooseThreshold(prompts: readonly Scored[], candidates: readonly number[]): Rates {
  const rates = candidates.map((threshold) => ratesAt(threshold, prompts));
  const allowed = rates.filter(({ flagged, own }) => flagged <= GOAL.flagged && own <= MOST_OWN);
  if (allowed.length === 0) throw new RangeError(`each of ${candidates.length} thresholds flags too many prompts`);
  return allowed.reduce((a, b) => (b.threshold > a.threshold ? b : a));
}
