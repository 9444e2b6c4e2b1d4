/** @file Where an expression divides by zero: what x/x and 1 differ in, although they agree at every point that chance would draw. */
import { sign } from "./arithmetic.ts";
import { approximate, type Approximation, type Place, size } from "./approximate.ts";
import { call, letters, parts, type Tree } from "./tree.ts";
import type { Work } from "./work.ts";

/** Where zeros are looked for: closely where those of answers lie, every whole number up to 64, then by doubling up to a million. */
const SIDE = [
  ...Array.from({ length: 32 }, (_, i) => (i + 1) / 4),
  ...Array.from({ length: 56 }, (_, i) => i + 9),
  ...Array.from({ length: 14 }, (_, i) => 2 ** (i + 7)),
];
const GRID = [...SIDE.map((x) => -x).reverse(), 0, ...SIDE];
const REFINEMENTS = 70;
/** Values below count as zero: a double root is found to half the digits only. */
const NOTHING = 1e-6;
/** Settings of the other letters that are tried for each. */
const SETTINGS = 2;
const MOST_DIVISORS = 6;

/** Parts that must not vanish: divisors, and what makes a function infinite. Only those that hold a letter. */
function divisors(tree: Tree): Tree[] {
  const found: Tree[] = [];
  for (const part of parts(tree)) {
    const divisor = divisorOf(part);
    if (divisor !== null && letters(divisor).length > 0) found.push(divisor);
  }
  return found;
}

function divisorOf(part: Tree): Tree | null {
  if (part.type === "quotient") return part.under;
  if (part.type === "power") return part.exponent.type === "number" && sign(part.exponent.value) < 0 ? part.base : null;
  if (part.type !== "call") return null;
  if (part.name === "tan" || part.name === "sec") return call("cos", part.of);
  if (part.name === "cot" || part.name === "csc") return call("sin", part.of);
  return part.name === "ln" || part.name === "log" ? part.of : null;
}

/**
 * Looks for a point where `a` divides by zero and `b` has a value.
 * @param settings values of all letters, each a starting point.
 */
export function hasGapOf(a: Tree, b: Tree, settings: readonly Place[], work: Work): boolean {
  const other = divisors(b);
  for (const divisor of divisors(a).slice(0, MOST_DIVISORS)) {
    for (const letter of letters(divisor)) {
      for (const place of settings.slice(0, SETTINGS)) {
        for (const zero of zerosAlong(letter, divisor, place, work)) {
          const there = at(place, letter, zero);
          const both = other.some((d) => {
            const value = approximate(d, there, work);
            return value === null || size(value) <= NOTHING;
          });
          // Where `a` has no value on either side anyhow, the zero is no gap of its own.
          const near = [-1e-3, 1e-3].some((d) => approximate(a, at(place, letter, zero + d), work) !== null);
          if (near && !both && approximate(b, there, work) !== null) return true;
        }
      }
    }
  }
  return false;
}

function at(place: Place, letter: string, value: number): Place {
  return { ...place, values: new Map([...place.values, [letter, value]]) };
}

/** Points on a line along one letter where the tree vanishes, as far as a grid and its refinement find them. */
export function* zerosAlong(letter: string, tree: Tree, place: Place, work: Work): Generator<number> {
  const value = (x: number) => approximate(tree, at(place, letter, x), work);
  const heights = GRID.map(value);
  for (const [i, x] of GRID.entries()) {
    const [before, y, next] = [heights[i - 1] ?? null, heights[i] ?? null, heights[i + 1] ?? null];
    if (y === null) continue;
    if (size(y) <= NOTHING) yield x;
    if (next !== null && y.re * next.re < 0) yield bisected(value, x, GRID[i + 1]!);
    else if (before !== null && next !== null && size(y) < size(before) && size(y) <= size(next)) {
      const lowest = descended(value, GRID[i - 1]!, GRID[i + 1]!);
      const least = value(lowest);
      if (least !== null && size(least) <= NOTHING) yield lowest;
    }
  }
}

type Value = (x: number) => Approximation | null;

function bisected(value: Value, from: number, to: number): number {
  let [low, high] = [from, to];
  const rising = (value(high)?.re ?? 0) > 0;
  for (let i = 0; i < REFINEMENTS; i++) {
    const middle = (low + high) / 2;
    if ((value(middle)?.re ?? 0) > 0 === rising) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function descended(value: Value, from: number, to: number): number {
  let [low, high] = [from, to];
  const height = (x: number) => {
    const y = value(x);
    return y === null ? Infinity : size(y);
  };
  for (let i = 0; i < REFINEMENTS; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (height(a) < height(b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}
