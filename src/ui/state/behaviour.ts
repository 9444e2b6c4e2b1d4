/** @file Programs against the reference, for the screen: on how many inputs they do the same, what went wrong, the most telling difference. Runs nothing. */
import type { RolloutState } from "../../run/run.ts";
import { argumentsText } from "../values.ts";

export type Tests = NonNullable<RolloutState["tests"]> & {
  /** What a person put in place of what the results come to. */
  readonly decided?: boolean | null;
};
export type TestLine = Tests["results"][number];

export interface Behaviour {
  /** The same on every input; `null`: the reference gives nothing to compare with. */
  readonly same: boolean | null;
  /** Inputs on which it does the same. */
  readonly agree: number;
  readonly total: number;
  /** Why it gave no value where it should have; `null` when it ran. */
  readonly trouble: string | null;
}

/** What `failure` of a `tests` event says about an answer. Others are shown as they are. */
const troubles: Readonly<Record<string, string>> = {
  "no code": "no function found",
  timeout: "did not finish",
  threw: "threw an error",
  "too large": "result too large",
  "not plain data": "no plain data",
  crashed: "crashed",
  refused: "refused to run",
};

export function behaviourOf({ results, failure, decided }: Tests): Behaviour {
  const total = results.length;
  const agree = results.filter((line) => line.same).length;
  const trouble = failure === null ? null : (troubles[failure] ?? failure);
  // Without inputs to compare on, the fault is the answer's own only if it has no function.
  const own = total > 0 ? agree === total : failure === "no code" ? false : null;
  const same = decided === undefined ? own : decided;
  return { same, agree, total, trouble };
}

/** What happened, in a few words: on how many inputs it does the same, "20/32 inputs", or what went wrong. */
export function behaviourText({ agree, total, trouble }: Behaviour): string {
  if (trouble !== null) return trouble;
  return total === 0 ? "nothing to compare" : `${agree}/${total} inputs`;
}

/** "= same behaviour", "≠ differs", "? undecided". */
export function samenessText(same: boolean | null): string {
  if (same === null) return "? undecided";
  return same ? "= same behaviour" : "≠ differs";
}

/** The difference with the shortest input: the quickest to check by hand. `null` without any. */
export function shortestDifference({ results }: Tests): TestLine | null {
  const differing = results.filter((line) => !line.same);
  return differing.reduce<TestLine | null>(
    (a, b) => (a === null || argumentsText(b.input).length < argumentsText(a.input).length ? b : a),
    null,
  );
}

/** Two answers of one key did the same thing, right or wrong. */
export function behaviourKey({ results, failure }: Tests): string {
  return JSON.stringify([failure, results.map((line) => line.actual)]);
}
