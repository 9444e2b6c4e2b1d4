/**
 * @file Do two expressions mean the same function of their letters, or the same number? Exact arithmetic first, then values at fixed points of the common domain.
 * A difference beyond rounding is final. Equal values are believed where exact arithmetic agrees or where no number in sight is fine enough to hide in the rounding.
 */
import { same } from "./arithmetic.ts";
import { approximate, type Approximation, type Place } from "./approximate.ts";
import { hasGapOf } from "./domain.ts";
import { fingerprint } from "./fingerprint.ts";
import { letters, parts, type Tree } from "./tree.ts";
import type { Work } from "./work.ts";

export interface Verdict {
  /** null: could not be decided. */
  readonly equal: boolean | null;
  /** For people. */
  readonly rule: string;
}

const POINTS = 40;
/** Fewest points that must agree. */
const ENOUGH = 4;
/** Two different fractions of numbers up to this are further apart than doubles are. */
const TAME = 1_000_000n;
/** Values further apart than this many times their error bounds differ. */
const CERTAIN = 1000;
/** An error larger than this share of the smallest part of a value hides that part. */
const VAGUE = 1e-3;

/** The place of numbers, which have no letters. */
const NOWHERE: Place = { values: new Map(), complex: true };

export function identical(a: Tree, b: Tree, work: Work): Verdict {
  if (a.type === "number" && b.type === "number") {
    const equal = same(a.value, b.value);
    return { equal, rule: equal ? "same number" : "different numbers" };
  }
  const infinite = compareInfinite(a, b, work);
  if (infinite !== null) return infinite;
  const exact = compareExactly(a, b, work);
  const names = letters(a, b);
  if (names.length === 0) return compareNumbers(a, b, exact, work);
  return compareFunctions(a, b, names, exact, work);
}

function compareInfinite(a: Tree, b: Tree, work: Work): Verdict | null {
  const [x, y] = [infiniteSign(a), infiniteSign(b)];
  if (x === 0 && y === 0) return null;
  const finite = x === 0 ? a : y === 0 ? b : null;
  const hasNoValue = finite !== null && letters(finite).length === 0 && approximate(finite, NOWHERE, work) === null;
  if (x === null || y === null || hasNoValue) return { equal: null, rule: "an expression with infinity has no value" };
  return x === y
    ? { equal: true, rule: "the same infinity" }
    : { equal: false, rule: "infinite in one only, or with another sign" };
}

/** ±1 for an infinity alone, 0 where there is none; null for one inside an expression. */
function infiniteSign(tree: Tree): -1 | 0 | 1 | null {
  const isInfinity = (t: Tree | undefined) => t?.type === "constant" && t.name === "infinity";
  if (isInfinity(tree)) return 1;
  if (tree.type === "product" && tree.factors.length === 2 && isInfinity(tree.factors[1])) {
    const [factor] = tree.factors;
    if (factor?.type === "number" && factor.value.numerator === -1n && factor.value.denominator === 1n) return -1;
  }
  for (const part of parts(tree)) if (isInfinity(part)) return null;
  return 0;
}

/** true and false are proofs, save for a chance of one in 2¹²⁰; null is neither. */
function compareExactly(a: Tree, b: Tree, work: Work): boolean | null {
  for (const point of ["first", "second"]) {
    const [x, y] = [fingerprint(a, point, work), fingerprint(b, point, work)];
    if (x === null || y === null) return null;
    if (x.value !== y.value) return x.exact && y.exact ? false : null;
  }
  return true;
}

/** true: apart by more than rounding; false: together within rounding; null: too vague to say. */
function apart(a: Approximation, b: Approximation): boolean | null {
  const error = a.error + b.error;
  const distance = Math.hypot(a.re - b.re, a.im - b.im);
  if (distance > CERTAIN * error) return true;
  if (distance > 16 * error) return null;
  return error <= VAGUE * Math.min(1, a.detail, b.detail) ? false : null;
}

function compareNumbers(a: Tree, b: Tree, exact: boolean | null, work: Work): Verdict {
  const [x, y] = [approximate(a, NOWHERE, work), approximate(b, NOWHERE, work)];
  if (x === null || y === null) return { equal: null, rule: "no value that could be computed" };
  const differ = apart(x, y);
  if (exact === true) return differ === true ? CONTRADICTION : { equal: true, rule: "same value, exactly" };
  if (exact === false || differ === true) return { equal: false, rule: "different values" };
  if (differ === false && isTame(a) && isTame(b)) return { equal: true, rule: "same value to 12 digits" };
  return { equal: null, rule: "too close to tell" };
}

const CONTRADICTION: Verdict = { equal: null, rule: "two tests contradict each other" };

function compareFunctions(a: Tree, b: Tree, names: readonly string[], exact: boolean | null, work: Work): Verdict {
  const complex = hasI(a) || hasI(b);
  const wholeOnly = isForWholeNumbers(a) || isForWholeNumbers(b);
  const places = Array.from({ length: POINTS }, (_, k) => ({ values: point(names, k, wholeOnly), complex }));
  let agreed = 0;
  let gap = false;
  for (const place of places) {
    const [x, y] = [approximate(a, place, work), approximate(b, place, work)];
    if (x === null && y === null) continue;
    if (x === null || y === null) {
      gap = true;
      continue;
    }
    const differ = apart(x, y);
    if (differ === true)
      return exact === true ? CONTRADICTION : { equal: false, rule: `differ at ${described(place)}` };
    if (differ === false) agreed++;
  }
  if (exact === false) return { equal: false, rule: "different expressions" };
  if (gap || (!wholeOnly && (hasGapOf(a, b, places, work) || hasGapOf(b, a, places, work)))) {
    return { equal: null, rule: "equal where both are defined, but one is defined at more points" };
  }
  if (agreed < ENOUGH) return { equal: null, rule: "no points where both could be computed" };
  if (exact === true) return { equal: true, rule: "same expression" };
  if (isTame(a) && isTame(b)) return { equal: true, rule: `same values at ${agreed} points` };
  return { equal: null, rule: "too close to tell" };
}

function described({ values }: Place): string {
  return [...values].map(([name, value]) => `${name} = ${Number(value.toPrecision(3))}`).join(", ");
}

function hasI(tree: Tree): boolean {
  for (const part of parts(tree)) if (part.type === "constant" && part.name === "i") return true;
  return false;
}

function isTame(tree: Tree): boolean {
  for (const part of parts(tree)) {
    if (part.type !== "number") continue;
    const { numerator, denominator } = part.value;
    if (numerator > TAME || numerator < -TAME || denominator > TAME) return false;
  }
  return true;
}

/** Factorials of letters, and powers of negative numbers with a letter above: letters there stand for 0, 1, 2, … */
function isForWholeNumbers(tree: Tree): boolean {
  for (const part of parts(tree)) {
    if (part.type === "call" && part.name === "factorial" && letters(part).length > 0) return true;
    if (
      part.type === "power" &&
      part.base.type === "number" &&
      part.base.value.numerator < 0n &&
      letters(part.exponent).length > 0
    )
      return true;
  }
  return false;
}

/** Square roots of primes: their multiples spread evenly between whole numbers, each letter in its own way. */
const SPREAD = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].map(Math.sqrt);
const BANDS: readonly (readonly [number, number])[] = [
  [-4, 4],
  [0.05, 0.95],
  [0.2, 5],
  [-1, 1],
];

/** The k-th point: always the same for the same letters. */
function point(names: readonly string[], k: number, wholeOnly: boolean): Map<string, number> {
  const [low, high] = BANDS[k % BANDS.length]!;
  return new Map(
    names.map((name, j) => {
      const share = ((k + 1) * SPREAD[j % SPREAD.length]! + j * 0.37) % 1;
      if (wholeOnly) return [name, names.length === 1 ? k % 13 : Math.floor(share * 10)];
      return [name, low + share * (high - low)];
    }),
  );
}
