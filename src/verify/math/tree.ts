/** @file Expressions as small trees, and the functions that build them. Building folds numbers exactly; what has no value stays as it was written. */
import { exactRoot, isWhole, ONE, over, plus, power as raise, sign, times, whole, ZERO } from "./arithmetic.ts";
import type { Rational } from "./rational.ts";

export const FUNCTIONS = [
  "sin",
  "cos",
  "tan",
  "cot",
  "sec",
  "csc",
  "arcsin",
  "arccos",
  "arctan",
  "sinh",
  "cosh",
  "tanh",
  "ln",
  /** A logarithm without a base: ten to most, natural to some. */
  "log",
  "abs",
  "floor",
  "ceil",
  "factorial",
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export type Tree =
  | { readonly type: "number"; readonly value: Rational }
  | { readonly type: "constant"; readonly name: "pi" | "e" | "i" | "infinity" }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "sum"; readonly terms: readonly Tree[] }
  | { readonly type: "product"; readonly factors: readonly Tree[] }
  | { readonly type: "quotient"; readonly over: Tree; readonly under: Tree }
  | { readonly type: "power"; readonly base: Tree; readonly exponent: Tree }
  | { readonly type: "root"; readonly of: Tree; readonly degree: number }
  | { readonly type: "call"; readonly name: FunctionName; readonly of: Tree };

/** Largest number whose factorial is written out. */
const LARGEST_FACTORIAL = 170;

export function number(value: Rational): Tree {
  return { type: "number", value };
}

export function sum(terms: readonly Tree[]): Tree {
  const flat = terms.flatMap((t) => (t.type === "sum" ? t.terms : [t]));
  const constant = flat.reduce((total, t) => (t.type === "number" ? plus(total, t.value) : total), ZERO);
  const others = flat.filter((t) => t.type !== "number");
  if (others.length === 0) return number(constant);
  const all = sign(constant) === 0 ? others : [...others, number(constant)];
  return all.length === 1 ? all[0]! : { type: "sum", terms: all };
}

export function product(factors: readonly Tree[]): Tree {
  const flat = factors.flatMap((t) => (t.type === "product" ? t.factors : [t]));
  const constant = flat.reduce((total, t) => (t.type === "number" ? times(total, t.value) : total), ONE);
  const others = flat.filter((t) => t.type !== "number");
  if (others.length === 0) return number(constant);
  // A zero before what may have no value does not make it vanish.
  const all = constant.numerator === 1n && isWhole(constant) ? others : [number(constant), ...others];
  return all.length === 1 ? all[0]! : { type: "product", factors: all };
}

export function negative(tree: Tree): Tree {
  return product([number(whole(-1)), tree]);
}

export function quotient(top: Tree, bottom: Tree): Tree {
  if (bottom.type === "number" && sign(bottom.value) !== 0) return product([number(over(ONE, bottom.value)!), top]);
  return { type: "quotient", over: top, under: bottom };
}

export function power(base: Tree, exponent: Tree): Tree {
  if (exponent.type === "number") {
    if (exponent.value.numerator === 1n && isWhole(exponent.value)) return base;
    const folded = base.type === "number" ? raise(base.value, exponent.value) : null;
    if (folded !== null) return number(folded);
    // Of a positive number, a power with a small denominator is a root.
    const { numerator, denominator } = exponent.value;
    if (base.type === "number" && sign(base.value) > 0 && denominator > 1n && denominator <= 12n) {
      const lifted = raise(base.value, whole(numerator));
      if (lifted !== null) return root(number(lifted), Number(denominator));
    }
  }
  return { type: "power", base, exponent };
}

/** @param degree 2 or more. */
export function root(of: Tree, degree: number): Tree {
  const folded = of.type === "number" ? exactRoot(of.value, degree) : null;
  return folded === null ? { type: "root", of, degree } : number(folded);
}

export function call(name: FunctionName, of: Tree): Tree {
  const folded = of.type === "number" ? apply(name, of.value) : null;
  return folded === null ? { type: "call", name, of } : number(folded);
}

function apply(name: FunctionName, { numerator: n, denominator: d }: Rational): Rational | null {
  switch (name) {
    case "abs":
      return { numerator: n < 0n ? -n : n, denominator: d };
    case "floor":
      return whole((n - (((n % d) + d) % d)) / d);
    case "ceil":
      return whole((n + (((-n % d) + d) % d)) / d);
    case "factorial": {
      if (d !== 1n || n < 0n || n > LARGEST_FACTORIAL) return null;
      let result = 1n;
      for (let k = 2n; k <= n; k++) result *= k;
      return whole(result);
    }
    case "sin":
    case "tan":
    case "arcsin":
    case "arctan":
    case "sinh":
    case "tanh":
      return n === 0n ? ZERO : null;
    case "cos":
    case "cosh":
      return n === 0n ? ONE : null;
    case "ln":
    case "log":
      return n === 1n && d === 1n ? ZERO : null;
    case "cot":
    case "sec":
    case "csc":
    case "arccos":
      return null;
    default:
      return name satisfies never;
  }
}

/** What a tree is made of, one level down. */
export function children(tree: Tree): readonly Tree[] {
  switch (tree.type) {
    case "number":
    case "constant":
    case "name":
      return [];
    case "sum":
      return tree.terms;
    case "product":
      return tree.factors;
    case "quotient":
      return [tree.over, tree.under];
    case "power":
      return [tree.base, tree.exponent];
    case "root":
    case "call":
      return [tree.of];
    default:
      return tree satisfies never;
  }
}

/** The tree and all its parts. */
export function* parts(tree: Tree): Generator<Tree> {
  yield tree;
  for (const child of children(tree)) yield* parts(child);
}

/** Names of the letters in it, sorted. */
export function letters(...trees: readonly Tree[]): string[] {
  const found = new Set<string>();
  for (const tree of trees) for (const part of parts(tree)) if (part.type === "name") found.add(part.name);
  return [...found].sort();
}
