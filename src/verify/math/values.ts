/** @file Two values with their units: a unit that one of them leaves out is taken from the other, except where the number may mean something else. */
import { ONE, same, whole } from "./arithmetic.ts";
import type { Answer } from "./answer.ts";
import { identical, type Verdict } from "./identity.ts";
import { writeRational } from "./rational.ts";
import { call, children, number, parts, product, quotient, type Tree } from "./tree.ts";
import type { Unit } from "./units.ts";
import type { Work } from "./work.ts";

type Value = Extract<Answer, { kind: "value" }>;

export function compareValues(a: Value, b: Value, work: Work): Verdict {
  if ((a.digits === null) !== (b.digits === null)) {
    const [based, plain] = a.digits === null ? [b, a] : [a, b];
    if (plain.tree.type === "number" && writeRational(plain.tree.value) === based.digits) {
      return { equal: null, rule: "the same digits, the base in one only" };
    }
  }
  const verdict = measured(a, b, work);
  if (verdict.equal !== false) return verdict;
  return mayBeUnit(a, b) || mayBeUnit(b, a) || mayBeNatural(a.tree, b.tree, work)
    ? { equal: null, rule: "can be read in two ways" }
    : verdict;
}

function measured(a: Value, b: Value, work: Work): Verdict {
  const [u, v] = [a.unit, b.unit];
  const plain = () => identical(a.tree, b.tree, work);
  if (u === null && v === null) return plain();
  if (u === null || v === null) {
    const [bare, given] = u === null ? [a, b] : [b, a];
    const verdict = plain();
    if (verdict.equal === true) return { equal: true, rule: `${verdict.rule}, the unit in one only` };
    if (!isDegrees(given.unit) || !holdsPi(bare.tree)) return verdict;
    const angle = identical(bare.tree, radians(given.tree), work);
    return angle.equal === true ? { equal: true, rule: "same angle, in degrees and in radians" } : angle;
  }
  if (u.known !== null && v.known !== null) {
    if (u.known.dimension === v.known.dimension) {
      if (u.text === v.text) return plain();
      const [x, y] = [product([number(u.known.factor), a.tree]), product([number(v.known.factor), b.tree])];
      return identical(x, y, work);
    }
    if (isDegrees(u) && isRadians(v)) return identical(radians(a.tree), b.tree, work);
    if (isRadians(u) && isDegrees(v)) return identical(a.tree, radians(b.tree), work);
    return { equal: false, rule: "different units" };
  }
  const verdict = plain();
  if (u.text === v.text || verdict.equal === false) return verdict;
  return { equal: null, rule: "same number, units that cannot be compared" };
}

function isDegrees(unit: Unit | null): boolean {
  return unit?.text === "degree" || unit?.text === "°";
}

function isRadians(unit: Unit): boolean {
  return unit.known?.dimension === "radian^1";
}

function radians(degrees: Tree): Tree {
  return product([degrees, quotient({ type: "constant", name: "pi" }, number(whole(180)))]);
}

function holdsPi(tree: Tree): boolean {
  for (const part of parts(tree)) if (part.type === "constant" && part.name === "pi") return true;
  return false;
}

/** "5 m" against "5" or "500 cm": metres, or five times m. */
function mayBeUnit(a: Value, b: Value): boolean {
  const [factor, letter] = a.tree.type === "product" ? a.tree.factors : [number(ONE), a.tree];
  if (b.tree.type !== "number" || factor?.type !== "number" || letter?.type !== "name" || a.unit !== null) return false;
  if (a.tree.type === "product" && a.tree.factors.length !== 2) return false;
  return /^[mgshlLA]$/.test(letter.name) && (b.unit !== null || same(factor.value, b.tree.value));
}

/** A logarithm without a base is natural to some: where that would make the two equal, nobody can tell. */
function mayBeNatural(a: Tree, b: Tree, work: Work): boolean {
  const [x, y] = [natural(a), natural(b)];
  return (x !== a || y !== b) && identical(x, y, work).equal !== false;
}

/** The tree itself when there is none in it. */
function natural(tree: Tree): Tree {
  if (![...parts(tree)].some((p) => p.type === "call" && p.name === "log")) return tree;
  if (tree.type === "call") return call(tree.name === "log" ? "ln" : tree.name, natural(tree.of));
  const inner = children(tree).map(natural);
  switch (tree.type) {
    case "sum":
      return { ...tree, terms: inner };
    case "product":
      return { ...tree, factors: inner };
    case "quotient":
      return { ...tree, over: inner[0]!, under: inner[1]! };
    case "power":
      return { ...tree, base: inner[0]!, exponent: inner[1]! };
    case "root":
      return { ...tree, of: inner[0]! };
    case "number":
    case "constant":
    case "name":
      return tree;
    default:
      return tree satisfies never;
  }
}
