/** @file How alike two claims are, and whether one bears the other out. Numbers, work and words only: it knows neither arithmetic nor meaning. */
import type { Claim } from "./claim.ts";

/** How much a word tells: rare words tell more. */
export type Weight = (word: string) => number;

/** @returns 0..1: whether two claims are about the same step, right or wrong. */
export function likeness(a: Claim, b: Claim, weight: Weight): number {
  if (a.code !== null && b.code !== null) {
    return holds(a, b) ? 1 : 0.5 * shared(a.tokens, b.tokens) + 0.5 * shared(a.words, b.words);
  }
  if (a.answer !== null || b.answer !== null) return a.answer !== null && b.answer !== null ? 1 : 0;
  const words = shared(a.words, b.words, weight);
  if (!works(a) || !works(b)) return works(a) === works(b) ? words : words / 2;
  const work = 0.7 * sharedItems(a.numbers, b.numbers) + 0.3 * sharedItems(a.signs, b.signs);
  return a.words.size === 0 || b.words.size === 0 ? work : 0.5 * work + 0.5 * words;
}

/** Of two claims about the same step: whether what `b` says is what `a` says. */
export function bearsOut(a: Claim, b: Claim): boolean {
  if (holds(a, b)) return true;
  if (a.code !== null && b.code !== null) return false;
  if (a.answer !== null && b.answer !== null) return false;
  if (works(a) && works(b)) return sameItems(a.numbers, b.numbers) && sameItems(a.signs, b.signs);
  const otherNumbers = a.numbers.length > 0 && b.numbers.length > 0 && sharedItems(a.numbers, b.numbers) === 0;
  return !otherNumbers && a.denies === b.denies;
}

/** Whether the very code, answer or result of `a` stands in `b`, whatever else does. */
export function holds(a: Claim, b: Claim): boolean {
  if (a.code !== null) return a.code.every((line) => b.code?.includes(line) === true);
  if (a.answer !== null) return a.answer === b.answer;
  const result = a.equations.at(-1);
  if (result === undefined) return false;
  // A name is no work: "Speed = 180 ÷ 3 = 60" says what "180 ÷ 3 = 60" says, but "x = 4" is not "y = 4".
  const work = result.filter((side) => /\d/.test(side));
  const needed = work.length > 1 ? work : result;
  return b.equations.some((sides) => needed.every((side) => sides.includes(side)));
}

function works({ signs, equations }: Claim): boolean {
  return signs.length > 0 || equations.length > 0;
}

/** Weight of what both have ÷ mean weight of what each has (Dice). */
function shared(a: ReadonlySet<string>, b: ReadonlySet<string>, weight: Weight = () => 1): number {
  const total = (set: Iterable<string>) => [...set].reduce((sum, word) => sum + weight(word), 0);
  const all = total(a) + total(b);
  return all === 0 ? 0 : (2 * total([...a].filter((word) => b.has(word)))) / all;
}

/** Dice of two lists with doubles. */
function sharedItems(a: readonly string[], b: readonly string[]): number {
  const rest = [...b];
  const both = a.filter((item) => {
    const at = rest.indexOf(item);
    if (at !== -1) rest.splice(at, 1);
    return at !== -1;
  });
  return a.length + b.length === 0 ? 0 : (2 * both.length) / (a.length + b.length);
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && sharedItems(a, b) === (a.length === 0 ? 0 : 1);
}
