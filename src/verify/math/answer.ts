/** @file What an answer can be, once it is read. */
import type { Tree } from "./tree.ts";
import type { Unit } from "./units.ts";

/** From `low` to `high`; a missing end is infinite. */
export interface Interval {
  readonly low: Tree | null;
  readonly lowClosed: boolean;
  readonly high: Tree | null;
  readonly highClosed: boolean;
}

export type Answer =
  | {
      readonly kind: "value";
      readonly tree: Tree;
      readonly unit: Unit | null;
      /** The digits of a number written with a base other than ten. */
      readonly digits: string | null;
    }
  /** In order. `open` and `close` are the brackets as written. */
  | {
      readonly kind: "tuple";
      readonly open: string;
      readonly close: string;
      readonly items: readonly Answer[];
      /** "(1,234)" may be a number, "[7]" may be one as well. */
      readonly ambiguous: boolean;
    }
  /** Without order. A list was written without braces, so what it holds twice may count twice. */
  | { readonly kind: "set"; readonly items: readonly Answer[] }
  | {
      readonly kind: "list";
      readonly items: readonly Answer[];
      /** "3,5" may be a decimal. */
      readonly ambiguous: boolean;
    }
  /** A union of intervals on the real line, in no order. */
  | { readonly kind: "region"; readonly intervals: readonly Interval[] }
  | { readonly kind: "matrix"; readonly rows: readonly (readonly Tree[])[] }
  /** `tree` is zero. */
  | { readonly kind: "equation"; readonly tree: Tree }
  /** `tree` is positive, or zero where that is allowed. */
  | { readonly kind: "inequality"; readonly tree: Tree; readonly orZero: boolean }
  /** "x = …", "f(x) = …", "x ∈ …", or an inequality that was solved for x. */
  | { readonly kind: "named"; readonly name: string; readonly isFunction: boolean; readonly value: Answer }
  /** "x = 2, y = 5". */
  | { readonly kind: "assignments"; readonly values: ReadonlyMap<string, Answer> }
  | { readonly kind: "ratio"; readonly terms: readonly Tree[] }
  | { readonly kind: "choice"; readonly letter: string }
  /** ℤ, ℕ, ℚ, ℂ by their letter. */
  | { readonly kind: "numbers"; readonly letter: string }
  /** Not read. `isFormula`: mathematics in a form that our reader lacks, and one reading only. */
  | { readonly kind: "text"; readonly text: string; readonly isFormula: boolean };

export function value(tree: Tree, unit: Unit | null = null): Answer {
  return { kind: "value", tree, unit, digits: null };
}
