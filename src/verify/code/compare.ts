/** @file Do two programs do the same? Both are run on the same inputs, and what they gave is compared as data. Runs them through a port, and looks at no code. */
import type { CodeRunner, Stop } from "../../cat/models.ts";
import { extractFunction } from "./extract.ts";
import { makeInputs } from "./inputs.ts";
import { compareOutcomes, gaveValue, type Outcome, type TestResult } from "./outcome.ts";

export interface Comparison {
  /** `null` when there is nothing to be the same as. */
  readonly equal: boolean | null;
  /** Inputs on which the first decided something. */
  readonly results: readonly TestResult[];
  /** Why a program gave no value where it should have; `null` when both ran. */
  readonly failure: string | null;
}

export interface ComparisonOptions {
  /** Names of the parameters, from which inputs are made; `null` takes the first program's own. */
  readonly parameters?: readonly string[] | null;
  /** [inputs][arguments], plain data, in place of inputs that are made. */
  readonly inputs?: readonly (readonly unknown[])[] | null;
  /** Of the inputs that are made. */
  readonly seed?: number;
  readonly stop?: Stop;
}

/**
 * @param a the text that holds the first program, which says what is right: what it does not decide is left out.
 * @param b the text that holds the other.
 * @throws the reason of `stop`; what the runner throws.
 */
export async function comparePrograms(
  a: string,
  b: string,
  runner: CodeRunner,
  { parameters = null, inputs: given = null, seed = 1, stop }: ComparisonOptions = {},
): Promise<Comparison> {
  const target = extractFunction(a);
  if (target === null) return undecided("the reference has no function");
  const inputs = given ?? makeInputs(parameters ?? target.parameters, seed);
  const expected = await runner.run(target, inputs, stop);
  if (!gaveValue(expected)) return undecided("the reference gives no value");
  const program = extractFunction(b);
  if (program === null) return { equal: false, results: [], failure: "no code" };
  return compareRuns(inputs, expected, await runner.run(program, inputs, stop));
}

/** All are [inputs]. @param expected with at least one value. */
export function compareRuns(
  inputs: readonly unknown[],
  expected: readonly Outcome[],
  actual: readonly Outcome[],
): Comparison {
  const results = compareOutcomes(inputs, expected, actual);
  return { equal: results.every(({ same }) => same), results, failure: failureOf(actual) };
}

export function undecided(failure: string): Comparison {
  return { equal: null, results: [], failure };
}

/** Why the function gave no value where it should have; null when it ran. */
function failureOf(outcomes: readonly Outcome[]): string | null {
  const failed = outcomes.find((o) => o.type === "failed");
  if (failed !== undefined) return failed.why;
  return gaveValue(outcomes) ? null : "threw";
}
