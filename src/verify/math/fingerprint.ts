/**
 * @file The exact half of identity testing: an expression's value in a finite field, at a point chosen by its letters' names (Schwartz 1980, Zippel 1979).
 * Sums, products, quotients, whole powers, i and square roots of small numbers are computed; what else there is counts as an unknown of its own.
 */
import { isWhole, sign } from "./arithmetic.ts";
import { inverse, modPower, modRoot, residue, residueOf, ROOTED } from "./modular.ts";
import type { Rational } from "./rational.ts";
import type { Tree } from "./tree.ts";
import type { Work } from "./work.ts";

export interface Fingerprint {
  readonly value: bigint;
  /** True: another value means another expression. Equal values mean the same expression either way, unless chance strikes at one in 2¹²⁰. */
  readonly exact: boolean;
}

/** Beyond it no exponent of an answer goes. */
const LARGEST_EXPONENT = 1_000_000n;

/** @param point names the point: two give two independent tests. @returns null where something divides by zero. */
export function fingerprint(tree: Tree, point: string, work: Work): Fingerprint | null {
  work.spend(4);
  const of = (t: Tree) => fingerprint(t, point, work);
  switch (tree.type) {
    case "number":
      return field(tree.value);
    case "name":
      return { value: residueOf(`${point} name ${tree.name}`), exact: true };
    case "constant":
      if (tree.name === "infinity") return null;
      if (tree.name === "i") return { value: modRoot(-1n), exact: true };
      // Nobody knows an equation between e and π, nor that there is none.
      return { value: residueOf(`${point} constant ${tree.name}`), exact: tree.name === "pi" };
    case "sum":
      return combine(tree.terms.map(of), (a, b) => residue(a + b));
    case "product":
      return combine(tree.factors.map(of), (a, b) => residue(a * b));
    case "quotient": {
      const under = of(tree.under);
      const inverted = under === null ? null : inverse(under.value);
      if (under === null || inverted === null) return null;
      return combine([of(tree.over), { value: inverted, exact: under.exact }], (a, b) => residue(a * b));
    }
    case "power":
      return raised(tree, of, point);
    case "root":
      return rootOf(tree, of, point);
    case "call": {
      const argument = of(tree.of);
      return argument === null ? null : unknown(`${point} ${tree.name} ${argument.value}`);
    }
    default:
      return tree satisfies never;
  }
}

type Of = (tree: Tree) => Fingerprint | null;

function combine(parts: readonly (Fingerprint | null)[], join: (a: bigint, b: bigint) => bigint): Fingerprint | null {
  let result: Fingerprint | null = null;
  for (const part of parts) {
    if (part === null) return null;
    result = result === null ? part : { value: join(result.value, part.value), exact: result.exact && part.exact };
  }
  return result;
}

function unknown(key: string): Fingerprint {
  return { value: residueOf(key), exact: false };
}

function field({ numerator, denominator }: Rational): Fingerprint | null {
  const inverted = inverse(denominator);
  return inverted === null ? null : { value: residue(residue(numerator) * inverted), exact: true };
}

function raised({ base, exponent }: Extract<Tree, { type: "power" }>, of: Of, point: string): Fingerprint | null {
  const b = of(base);
  if (b === null) return null;
  if (exponent.type === "number" && isWhole(exponent.value)) {
    const n = exponent.value.numerator;
    const size = n < 0n ? -n : n;
    if (size > LARGEST_EXPONENT) return unknown(`${point} power ${b.value} ${n}`);
    // 0⁰ has no value.
    if (n === 0n && b.value === 0n) return null;
    const value = modPower(b.value, size);
    const inverted = n < 0n ? inverse(value) : value;
    return inverted === null ? null : { value: inverted, exact: b.exact };
  }
  const e = of(exponent);
  return e === null ? null : unknown(`${point} power ${b.value} ${e.value}`);
}

function rootOf({ of: radicand, degree }: Extract<Tree, { type: "root" }>, of: Of, point: string): Fingerprint | null {
  const surd = radicand.type === "number" && degree === 2 ? surdOf(radicand.value) : null;
  if (surd !== null) return { value: surd, exact: true };
  const inside = of(radicand);
  return inside === null ? null : unknown(`${point} root ${degree} ${inside.value}`);
}

/** √n as the product of the roots of its primes: all positive, so the same choice everywhere. @returns null when a prime is above 97. */
function surdOf(value: Rational): bigint | null {
  const size = value.numerator < 0n ? -value.numerator : value.numerator;
  const [top, bottom] = [rootOfWhole(size), rootOfWhole(value.denominator)];
  if (top === null || bottom === null) return null;
  const positive = residue(top * inverse(bottom)!);
  return sign(value) < 0 ? residue(positive * modRoot(-1n)) : positive;
}

function rootOfWhole(n: bigint): bigint | null {
  let [rest, root] = [n, 1n];
  for (const prime of ROOTED) {
    for (; rest % prime === 0n; rest /= prime) root = residue(root * modRoot(prime));
  }
  return rest === 1n ? root : null;
}
