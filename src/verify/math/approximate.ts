/**
 * @file The floating half of identity testing: an expression's value at a point, with a bound on its rounding error and the size of the smallest part that
 * went into it. Where that part is lost in the error, as 1 is in e⁵⁶ + 1, an agreement of values says nothing.
 * Complex numbers only where they were written or where no letter stands: elsewhere letters are real and so is what is made of them.
 */
import { toDouble } from "./arithmetic.ts";
import type { FunctionName, Tree } from "./tree.ts";
import type { Work } from "./work.ts";

export interface Approximation {
  readonly re: number;
  readonly im: number;
  /** No component is further off than this. */
  readonly error: number;
  /** By how much the value would change, about, without the smallest of its parts. Infinity for zero, which has none. */
  readonly detail: number;
}

export interface Place {
  /** Real values of the letters. */
  readonly values: ReadonlyMap<string, number>;
  /** Whether the root of a negative number has a value. */
  readonly complex: boolean;
}

const EPSILON = 2 ** -52;
const LARGEST_EXPONENT = 1e6;
const ONE: Approximation = { re: 1, im: 0, error: 0, detail: 1 };

/** @returns null where the expression has no value, or none that doubles hold. */
export function approximate(tree: Tree, place: Place, work: Work): Approximation | null {
  work.spend(1);
  const result = evaluate(tree, place, work);
  const isFinite = result !== null && [result.re, result.im, result.error].every(Number.isFinite);
  return isFinite && !Number.isNaN(result.detail) ? result : null;
}

function evaluate(tree: Tree, place: Place, work: Work): Approximation | null {
  const of = (t: Tree) => approximate(t, place, work);
  switch (tree.type) {
    case "number":
      return real(toDouble(tree.value));
    case "name": {
      const value = place.values.get(tree.name);
      // A point is what it is: no rounding.
      return value === undefined ? null : { ...real(value), error: 0 };
    }
    case "constant":
      if (tree.name === "i") return { re: 0, im: 1, error: 0, detail: 1 };
      return tree.name === "infinity" ? null : real(tree.name === "pi" ? Math.PI : Math.E);
    case "sum":
      return fold(tree.terms.map(of), add);
    case "product":
      return fold(tree.factors.map(of), multiply);
    case "quotient":
      return fold([of(tree.over), of(tree.under)], divide);
    case "power":
      return raise(tree, of);
    case "root": {
      const inside = of(tree.of);
      return inside === null ? null : rootOf(inside, tree.degree, place.complex);
    }
    case "call": {
      const inside = of(tree.of);
      return inside === null ? null : applied(tree.name, inside);
    }
    default:
      return tree satisfies never;
  }
}

function real(re: number): Approximation {
  return { re, im: 0, error: Math.abs(re) * EPSILON, detail: re === 0 ? Infinity : Math.abs(re) };
}

export function size({ re, im }: Approximation): number {
  return Math.hypot(re, im);
}

/** Indistinguishable from zero. */
function vanishes(a: Approximation): boolean {
  return size(a) <= 4 * a.error;
}

type Join = (a: Approximation, b: Approximation) => Approximation | null;

function fold(parts: readonly (Approximation | null)[], join: Join): Approximation | null {
  let result: Approximation | null = null;
  for (const [i, part] of parts.entries()) {
    if (part === null) return null;
    result = i === 0 ? part : join(result!, part);
    if (result === null) return null;
  }
  return result;
}

function add(a: Approximation, b: Approximation): Approximation {
  const [re, im] = [a.re + b.re, a.im + b.im];
  return { re, im, error: a.error + b.error + Math.hypot(re, im) * EPSILON, detail: Math.min(a.detail, b.detail) };
}

function multiply(a: Approximation, b: Approximation): Approximation {
  const [re, im] = [a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re];
  const [x, y] = [size(a), size(b)];
  const error = x * b.error + y * a.error + a.error * b.error + 3 * x * y * EPSILON;
  return { re, im, error, detail: Math.min(scaled(a.detail, y), scaled(b.detail, x)) };
}

/** Of a zero that is multiplied, nothing is known. */
function scaled(detail: number, factor: number): number {
  return detail === Infinity ? Infinity : detail * factor;
}

function divide(a: Approximation, b: Approximation): Approximation | null {
  if (vanishes(b)) return null;
  const norm = b.re * b.re + b.im * b.im;
  const error = b.error / norm + (4 * EPSILON) / Math.sqrt(norm);
  return multiply(a, { re: b.re / norm, im: -b.im / norm, error, detail: b.detail / norm });
}

function raise(
  { base, exponent }: Extract<Tree, { type: "power" }>,
  of: (t: Tree) => Approximation | null,
): Approximation | null {
  const [b, e] = [of(base), of(exponent)];
  if (b === null || e === null) return null;
  if (e.im === 0 && Number.isInteger(e.re)) return e.re === 0 && vanishes(b) ? null : wholePower(b, e.re);
  if (base.type === "constant" && base.name === "e") return exponential(e);
  // Of a negative base a power depends on the reader; of zero, on the sign of the exponent.
  if (b.im !== 0 || e.im !== 0 || b.re < 0 || vanishes(b)) return null;
  const re = b.re ** e.re;
  const [byBase, byExponent] = [Math.abs((re * e.re) / b.re), Math.abs(re * Math.log(b.re))];
  const error = byBase * b.error + byExponent * e.error + 4 * re * EPSILON;
  return { re, im: 0, error, detail: Math.min(scaled(b.detail, byBase), scaled(e.detail, byExponent)) };
}

function wholePower(b: Approximation, n: number): Approximation | null {
  if (Math.abs(n) > LARGEST_EXPONENT) return null;
  let [result, square] = [ONE, b];
  for (let e = Math.abs(n); e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = result === ONE ? square : multiply(result, square);
    square = multiply(square, square);
  }
  return n < 0 ? divide(ONE, result) : result;
}

function exponential(e: Approximation): Approximation {
  const length = Math.exp(e.re);
  const error = length * (e.error * 2 + 4 * EPSILON);
  const [re, im] = [length * Math.cos(e.im), e.im === 0 ? 0 : length * Math.sin(e.im)];
  return { re, im, error, detail: scaled(e.detail, length) };
}

function rootOf(a: Approximation, degree: number, complex: boolean): Approximation | null {
  if (vanishes(a)) return { re: 0, im: 0, error: (size(a) + a.error) ** (1 / degree), detail: Infinity };
  const isReal = a.im === 0;
  const negative = isReal && a.re < 0;
  if (negative && degree % 2 === 0 && !(complex && degree === 2)) return null;
  if (!isReal && degree !== 2) return null;
  const length = size(a) ** (1 / degree);
  const slope = length / degree / size(a);
  const parts = { error: slope * a.error * 2 + 8 * length * EPSILON, detail: scaled(a.detail, slope) };
  if (isReal && degree % 2 === 1) return { re: negative ? -length : length, im: 0, ...parts };
  if (isReal) return { re: negative ? 0 : length, im: negative ? length : 0, ...parts };
  const angle = Math.atan2(a.im, a.re) / 2;
  return { re: length * Math.cos(angle), im: length * Math.sin(angle), ...parts };
}

type Smooth = Exclude<FunctionName, "abs" | "factorial" | "floor" | "ceil">;

/** Value, slope and curvature of the real functions. */
const REAL: Readonly<Record<Smooth, (x: number) => readonly [number, number, number]>> = {
  sin: (x) => [Math.sin(x), Math.cos(x), 1],
  cos: (x) => [Math.cos(x), Math.sin(x), 1],
  tan: (x) => [Math.tan(x), 1 + Math.tan(x) ** 2, 0],
  cot: (x) => [Math.cos(x) / Math.sin(x), 1 / Math.sin(x) ** 2, 0],
  sec: (x) => [1 / Math.cos(x), Math.sin(x) / Math.cos(x) ** 2, 1],
  csc: (x) => [1 / Math.sin(x), Math.cos(x) / Math.sin(x) ** 2, 1],
  arcsin: (x) => [Math.asin(x), 1 / Math.sqrt(Math.max(1e-16, 1 - x * x)), 0],
  arccos: (x) => [Math.acos(x), 1 / Math.sqrt(Math.max(1e-16, 1 - x * x)), 0],
  arctan: (x) => [Math.atan(x), 1 / (1 + x * x), 0],
  sinh: (x) => [Math.sinh(x), Math.cosh(x), 0],
  cosh: (x) => [Math.cosh(x), Math.sinh(x), 1],
  tanh: (x) => [Math.tanh(x), 1 / Math.cosh(x) ** 2, 0],
  ln: (x) => [x > 0 ? Math.log(x) : NaN, 1 / x, 0],
  log: (x) => [x > 0 ? Math.log10(x) : NaN, Math.LOG10E / x, 0],
};

function applied(name: FunctionName, a: Approximation): Approximation | null {
  if (name === "abs") return { ...a, re: size(a), im: 0, error: a.error + size(a) * EPSILON };
  if (a.im !== 0) return null;
  if (name === "factorial") return factorial(a.re);
  if (name === "floor" || name === "ceil") {
    // At a step, rounding decides: nothing is known there.
    if (Math.abs(a.re - Math.round(a.re)) <= 4 * a.error && a.error > 0) return null;
    return { ...real(name === "floor" ? Math.floor(a.re) : Math.ceil(a.re)), error: 0 };
  }
  const pole =
    name === "tan" || name === "sec" ? Math.cos(a.re) : name === "cot" || name === "csc" ? Math.sin(a.re) : 1;
  if (Math.abs(pole) <= 4 * (a.error + EPSILON * Math.abs(a.re))) return null;
  if ((name === "ln" || name === "log") && vanishes(a)) return null;
  const [value, slope, curvature] = REAL[name](a.re);
  // Reduction of large arguments to one turn costs what their rounding costs.
  const doubt = a.error + Math.abs(a.re) * EPSILON;
  const error = (Math.abs(slope) + curvature * doubt) * doubt + 2 * EPSILON * Math.max(1, Math.abs(value));
  const known = a.detail === Infinity ? 1 : a.detail;
  return { re: value, im: 0, error, detail: Math.abs(slope) * known + (curvature * Math.min(1, known) ** 2) / 2 };
}

function factorial(n: number): Approximation | null {
  if (!Number.isInteger(n) || n < 0 || n > 170) return null;
  let result = 1;
  for (let k = 2; k <= n; k++) result *= k;
  return { re: result, im: 0, error: result * n * EPSILON, detail: result };
}
