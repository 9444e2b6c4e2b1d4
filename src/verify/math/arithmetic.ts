/** @file Exact arithmetic on rational numbers. Sizes are bounded: a result too large to be an answer is null. */
import type { Rational } from "./rational.ts";

/** Longest numerator or denominator of a power, in bits. */
const LONGEST_BITS = 4096;

export const ZERO: Rational = { numerator: 0n, denominator: 1n };
export const ONE: Rational = { numerator: 1n, denominator: 1n };

export function whole(n: bigint | number): Rational {
  return { numerator: BigInt(n), denominator: 1n };
}

/** In lowest terms, with a positive denominator. @returns null for a zero denominator. */
export function ratio(numerator: bigint, denominator: bigint): Rational | null {
  if (denominator === 0n) return null;
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const unit = denominator < 0n ? -a : a;
  return { numerator: numerator / unit, denominator: denominator / unit };
}

export function plus(a: Rational, b: Rational): Rational {
  return ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)!;
}

export function times(a: Rational, b: Rational): Rational {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator)!;
}

/** @returns null for division by zero. */
export function over(a: Rational, b: Rational): Rational | null {
  return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function isWhole(a: Rational): boolean {
  return a.denominator === 1n;
}

export function same(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

export function sign(a: Rational): -1 | 0 | 1 {
  return a.numerator === 0n ? 0 : a.numerator < 0n ? -1 : 1;
}

/** @returns null for 0⁰, division by zero, exponents that are not whole, and results of more than 4096 bits. */
export function power(base: Rational, exponent: Rational): Rational | null {
  if (!isWhole(exponent)) return null;
  const n = exponent.numerator;
  const zero = base.numerator === 0n;
  if (zero && n <= 0n) return null;
  const size = n < 0n ? -n : n;
  const isUnit = base.denominator === 1n && base.numerator ** 2n <= 1n;
  const bits = Math.max(bitLength(base.numerator), bitLength(base.denominator));
  if (!isUnit && size > BigInt(Math.floor(LONGEST_BITS / bits))) return null;
  // What is left with a large exponent is 0, 1 or −1.
  const e = !isUnit ? size : zero ? 1n : 2n + (size % 2n);
  const [top, bottom] = [base.numerator ** e, base.denominator ** e];
  return n < 0n ? ratio(bottom, top) : ratio(top, bottom);
}

/** The exact root of a perfect power; null for any other number. @param degree 2 or more; of a negative number only an odd one has a root here. */
export function exactRoot(a: Rational, degree: number): Rational | null {
  const top = wholeRoot(a.numerator, degree);
  const bottom = wholeRoot(a.denominator, degree);
  return top === null || bottom === null ? null : { numerator: top, denominator: bottom };
}

function wholeRoot(n: bigint, degree: number): bigint | null {
  if (n < 0n) {
    const positive = degree % 2 === 1 ? wholeRoot(-n, degree) : null;
    return positive === null ? null : -positive;
  }
  const k = BigInt(degree);
  let [low, high] = [0n, 1n << BigInt(Math.ceil(bitLength(n) / degree) + 1)];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** k <= n) low = middle;
    else high = middle - 1n;
  }
  return low ** k === n ? low : null;
}

/** Rounded up to a multiple of four. */
function bitLength(n: bigint): number {
  return (n < 0n ? -n : n).toString(16).length * 4 - (n === 0n ? 4 : 0);
}

/** To the nearest double or its neighbour; ±Infinity beyond the doubles. */
export function toDouble({ numerator, denominator }: Rational): number {
  const excess = Math.max(bitLength(numerator), bitLength(denominator)) - 1000;
  if (excess <= 0) return Number(numerator) / Number(denominator);
  const shift = BigInt(excess);
  const [top, bottom] = [Number(numerator >> shift), Number(denominator >> shift)];
  return bottom === 0 ? (numerator < 0n ? -Infinity : Infinity) : top / bottom;
}
