/** @file Equations are the same when one is a multiple of the other; inequalities when the factor is positive. A point on one and off the other tells them apart. */
import { approximate, type Place, size } from "./approximate.ts";
import { zerosAlong } from "./domain.ts";
import { fingerprint } from "./fingerprint.ts";
import { residue } from "./modular.ts";
import type { Verdict } from "./identity.ts";
import { letters, type Tree } from "./tree.ts";
import type { Work } from "./work.ts";

/** An expression that is this far from zero, at a root that was found to twelve digits, is not zero there. */
const OFF = 1e-4;
const STARTS = [0.7390851, -1.6180339, 2.2360679];

interface Inequality {
  readonly tree: Tree;
  readonly orZero: boolean;
}

/** Both trees are zero. */
export function compareEquations(a: Tree, b: Tree, work: Work): Verdict {
  if (proportional(a, b, work)) return { equal: true, rule: "same equation up to a factor" };
  if (isOff(a, b, work) || isOff(b, a, work)) return { equal: false, rule: "a point solves one equation only" };
  return { equal: null, rule: "no multiples of each other, and no point tells them apart" };
}

export function compareInequalities(a: Inequality, b: Inequality, work: Work): Verdict {
  if (!proportional(a.tree, b.tree, work)) return { equal: null, rule: "inequalities that were not solved" };
  for (const place of places(letters(a.tree, b.tree))) {
    const [x, y] = [approximate(a.tree, place, work), approximate(b.tree, place, work)];
    if (x === null || y === null || size(x) <= 1e3 * x.error || size(y) <= 1e3 * y.error) continue;
    if (x.re * y.re < 0) return { equal: false, rule: "reversed inequality" };
    if (a.orZero !== b.orZero) return { equal: false, rule: "one of the two allows equality" };
    return { equal: true, rule: "same inequality up to a factor" };
  }
  return { equal: null, rule: "inequalities that were not solved" };
}

/** a(p)·b(q) = a(q)·b(p) at points of a finite field: only multiples do that, save for chance. */
function proportional(a: Tree, b: Tree, work: Work): boolean {
  const at = (point: string) => [fingerprint(a, point, work), fingerprint(b, point, work)] as const;
  const [[a1, b1], [a2, b2], [a3, b3]] = [at("first"), at("second"), at("third")];
  if (a1 === null || b1 === null || a2 === null || b2 === null || a3 === null || b3 === null) return false;
  if (a1.value === 0n || b1.value === 0n) return false;
  return isMultiple(a1.value, b1.value, a2.value, b2.value) && isMultiple(a1.value, b1.value, a3.value, b3.value);
}

/** Does some solution of `a`, on lines along each letter, fail `b` clearly? */
function isOff(a: Tree, b: Tree, work: Work): boolean {
  const names = letters(a, b);
  for (const place of places(names)) {
    for (const letter of letters(a)) {
      for (const zero of zerosAlong(letter, a, place, work)) {
        const there = { ...place, values: new Map([...place.values, [letter, zero]]) };
        const [x, y] = [approximate(a, there, work), approximate(b, there, work)];
        // A change of sign at a pole is no zero.
        if (x !== null && y !== null && size(x) < 1e-7 && size(y) > OFF) return true;
      }
    }
  }
  return false;
}

function places(names: readonly string[]): Place[] {
  return STARTS.map((start) => ({ values: new Map(names.map((name, j) => [name, start + 0.3 * j])), complex: false }));
}

function isMultiple(a: bigint, b: bigint, c: bigint, d: bigint): boolean {
  return residue(a * d) === residue(c * b);
}
