/** @file Which sentence of each answer is most like a statement about answers, such as a criterion. Says nothing on whether it is met. */
import { claimOf } from "./claim.ts";
import { likeness } from "./likeness.ts";
import { rarity, readAll } from "./provenance.ts";
import type { Span } from "./steps.ts";

/** As for denials: who shares one word with it does not speak of it. */
const LEAST = 0.15;

/** @returns [G]; null where no sentence is like it. */
export function mostAlike(statement: string, rollouts: readonly string[]): readonly (Span | null)[] {
  const claim = claimOf({ kind: "prose", start: 0, end: statement.length, text: statement });
  const others = rollouts.map(readAll);
  const weight = rarity(others.flat());
  return others.map((steps) => {
    let best: Span | null = null;
    let most = LEAST;
    for (const step of steps) {
      const value = likeness(claim, step.claim, weight);
      if (value >= most) [best, most] = [{ start: step.start, end: step.end }, value];
    }
    return best;
  });
}
