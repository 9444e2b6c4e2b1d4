/** @file What a criterion of a rubric asks, and whether a text truly meets it: the truth that a judge's verdicts are held against. */
import type { Question, Sayable } from "./key.ts";
import { bag, near, overlap, read } from "./reading.ts";

/** The point or myth that has the criterion in its words, or nearly; null when none has. */
export function askedBy(question: Question, criterion: string): Sayable | null {
  const words = bag(criterion);
  let best: { readonly of: Sayable; readonly share: number } | null = null;
  for (const of of [...question.points, ...question.myths]) {
    for (const wording of of.criteria) {
      const share = overlap(words, bag(wording));
      if (best === null || share > best.share) best = { of, share };
    }
  }
  return best !== null && near(best.share) ? best.of : null;
}

/** Whether a text says a point, or leaves a myth out. @returns null for a criterion that is nobody's. */
export function trulyMet(question: Question, text: string, criterion: string): boolean | null {
  const asked = askedBy(question, criterion);
  return asked === null ? null : read(question, text).includes(asked) !== asked.myth;
}
