/** @file The limits within which answers are read and compared: what is longer, deeper or costlier stays undecided. Operations are counted, so the limit is the same on every machine. */

/** Longest answer, in characters. Answers are short; a longer one is a text. */
export const LONGEST = 1000;
/** Deepest nesting of brackets and fractions. */
export const DEEPEST = 40;
/** Most members of a list or set, and most entries of a matrix. */
export const MOST_MEMBERS = 60;
/** Most operations for one pair: about a tenth of a second on a slow machine. */
export const MOST_WORK = 150_000;

/** Thrown by {@link Work.spend}; caught where a comparison begins. */
export class TooMuchWork extends Error {}

/** Counts operations. One for each pair. */
export class Work {
  spent = 0;
  spend(operations: number): void {
    this.spent += operations;
    if (this.spent > MOST_WORK) throw new TooMuchWork();
  }
}
