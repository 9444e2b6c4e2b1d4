/** @file Programs against the reference, as the screen says it: over a real run of fixtures, and by hand where no program gets. */
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import {
  behaviourKey,
  behaviourOf,
  behaviourText,
  samenessText,
  shortestDifference,
} from "../../src/ui/state/behaviour.ts";
import { argumentsText } from "../../src/ui/values.ts";
import { listsRun } from "./fixture-lists.ts";

const { rollouts } = (await listsRun()).reduce(apply, emptyRun).groups[0]!;
const tests = rollouts.map((r) => r.tests!);

describe("a run of programs", () => {
  test("the same behaviour is what earned the reward", () => {
    expect(tests.map((t) => behaviourOf(t).same)).toEqual(rollouts.map((r) => r.reward === 1));
    expect(rollouts.map((r) => r.reward)).toEqual([1, 0, 1, 0, 1, 0, 0, 0]);
  });

  test("what went wrong is said in words, else on how many inputs they agree", () => {
    const total = tests[0]!.results.length;
    const texts = tests.map((t) => behaviourText(behaviourOf(t)));
    expect(texts[0]).toBe(`${total}/${total} inputs`);
    expect(texts[1]).toMatch(new RegExp(`^\\d+/${total} inputs$`));
    expect(texts.slice(5)).toEqual(["threw an error", "no function found", "did not finish"]);
  });

  test("programs that do the same have one key, whatever their words", () => {
    const keys = tests.map(behaviourKey);
    expect(keys[2]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(6);
  });

  test("the shortest difference is a difference, and no other is shorter", () => {
    const shortest = shortestDifference(tests[3]!)!;
    expect(shortest.same).toBe(false);
    for (const { input } of tests[3]!.results.filter((r) => !r.same)) {
      expect(argumentsText(input).length).toBeGreaterThanOrEqual(argumentsText(shortest.input).length);
    }
    expect(shortestDifference(tests[0]!)).toBeNull();
  });
});

const event = (failure: string | null, same: readonly boolean[]) => ({
  type: "tests" as const,
  seq: 0,
  atMs: 0,
  group: 0,
  rollout: 0,
  results: same.map((s, i) => ({ input: [[i]], expected: i, actual: s ? i : null, same: s })),
  failure,
});

test.each([
  [null, [true, true], true, "2/2 inputs"],
  [null, [true, false], false, "1/2 inputs"],
  ["timeout", [true, false], false, "did not finish"],
  ["no code", [], false, "no function found"],
  ["the reference has no function", [], null, "the reference has no function"],
  ["the reference gives no value", [], null, "the reference gives no value"],
  [null, [], null, "nothing to compare"],
  ["some new trouble", [false], false, "some new trouble"],
] as const)("failure %j with %j is %j: %s", (failure, same, verdict, text) => {
  const behaviour = behaviourOf(event(failure, same));
  expect(behaviour.same).toBe(verdict);
  expect(behaviourText(behaviour)).toBe(text);
});

test("undecided is its own word", () => {
  expect([true, false, null].map(samenessText)).toEqual(["= same behaviour", "≠ differs", "? undecided"]);
});
