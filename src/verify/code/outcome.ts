/** @file What functions gave, as data, and whether two gave the same. Runs nothing (the port is `CodeRunner`). */

/** A returned value as JSON can hold it. What JSON lacks is an object with a `type`; so is a plain object, so the two cannot be confused. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly type: "undefined" | "NaN" | "Infinity" | "-Infinity" }
  | { readonly type: "bigint"; readonly digits: string }
  | { readonly type: "object"; readonly entries: readonly (readonly [string, Value])[] };

/** What one input came to. `failed`: nothing that could be compared came back, and why. */
export type Outcome =
  | { readonly type: "value"; readonly value: Value }
  | { readonly type: "threw"; readonly error: string }
  | { readonly type: "failed"; readonly why: "timeout" | "too large" | "not plain data" | "crashed" | "refused" };

/** One line of a `tests` event. Outcomes other than values are written as they are. */
export interface TestResult {
  readonly input: unknown;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly same: boolean;
}

/** Two numbers this near, relative to the larger, are one: sums in another order differ in the last digits. */
const NEAR = 1e-9;

/** By structure: NaN equals NaN, −0 equals 0, keys in any order; null is not undefined. Symmetric and reflexive. */
export function sameValue(a: Value, b: Value): boolean {
  if (typeof a === "number" && typeof b === "number")
    return Math.abs(a - b) <= NEAR * Math.max(Math.abs(a), Math.abs(b));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((x, i) => sameValue(x, b[i]!));
  }
  if (a.type === "object" && b.type === "object") {
    const other = new Map(b.entries);
    return (
      a.entries.length === other.size && a.entries.every(([key, x]) => other.has(key) && sameValue(x, other.get(key)!))
    );
  }
  if (a.type === "bigint" && b.type === "bigint") return a.digits === b.digits;
  return a.type === b.type;
}

/** Two that threw did the same, whatever they said. What failed is the same as nothing, itself included. */
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (a.type === "value" && b.type === "value") return sameValue(a.value, b.value);
  return a.type === "threw" && b.type === "threw";
}

/** Whether a run said anything about what its function computes. */
export function gaveValue(outcomes: readonly Outcome[]): boolean {
  return outcomes.some((o) => o.type === "value");
}

/** All three are [inputs]. Inputs on which the expected outcome failed decide nothing and are left out. */
export function compareOutcomes(
  inputs: readonly unknown[],
  expected: readonly Outcome[],
  actual: readonly Outcome[],
): readonly TestResult[] {
  return inputs.flatMap((input, i) => {
    const [wanted, got] = [expected[i]!, actual[i]!];
    if (wanted.type === "failed") return [];
    return [{ input, expected: written(wanted), actual: written(got), same: sameOutcome(wanted, got) }];
  });
}

function written(outcome: Outcome): unknown {
  return outcome.type === "value" ? outcome.value : outcome;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
