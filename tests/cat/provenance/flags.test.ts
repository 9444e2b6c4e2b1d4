/** @file Flags of a group: each raised and not raised, for every kind of task. */
import { expect, test } from "vitest";
import { flagsOf, type Outcomes } from "../../../src/cat/provenance/flags.ts";
import type { Reference } from "../../../src/cat/types.ts";
import { groupOf } from "../run.ts";

const reference = (text: string): Reference => ({ aggregator: "synthesis", chosen: null, text, ended: "stop" });
const outcomes = (...rewards: Outcomes["rewards"]): Outcomes => ({ rewards, tests: [] });
const ran = (...actual: number[]) =>
  actual.map((value, i) => ({ input: [i], expected: i, actual: value, same: value === i }));

test("copied: equal but for spacing and thinking, and every rollout that is", () => {
  const group = groupOf(
    "math",
    "<think>hm</think> 1 + 1 = 2.\n\\boxed{2}",
    "1 + 1 = 2. \\boxed{2}",
    "It is \\boxed{2}",
  );
  expect(flagsOf(group, reference("1 + 1 = 2.  \\boxed{2}"), outcomes()).copied).toEqual([0, 1]);
  expect(flagsOf(group, reference("1+1 = 2. \\boxed{2}"), outcomes()).copied).toEqual([]);
  expect(flagsOf(groupOf("open", "", "a"), reference(""), outcomes()).copied).toEqual([]);
});

test.each([
  ["\\boxed{3}", ["\\boxed{3}", "\\boxed{3}", "\\boxed{4}"], false, false],
  ["\\boxed{4}", ["\\boxed{3}", "\\boxed{3}", "\\boxed{4}"], true, false],
  ["\\boxed{9}", ["\\boxed{3}", "\\boxed{3.0}", "so 3"], true, true],
  ["\\boxed{3}", ["\\boxed{3}", "well"], false, false],
  ["well", ["\\boxed{3}", "\\boxed{3}"], null, true],
  ["\\boxed{3}", ["well", "hm"], null, null],
])("mathematics: %j against %j", (text, rollouts, differsFromMajority, nothingToReconcile) => {
  const flags = flagsOf(groupOf("math", ...rollouts), reference(text), outcomes());
  expect(flags).toMatchObject({ differsFromMajority, nothingToReconcile });
});

test.each([
  ["one class, the reference's", [ran(0, 1), ran(0, 1)], false, true],
  ["one class, another", [ran(5, 5), ran(5, 5)], true, true],
  ["most behave otherwise", [ran(0, 1), ran(5, 5), ran(5, 5)], true, false],
  ["most behave so", [ran(0, 1), ran(0, 1), ran(5, 5)], false, false],
  ["others are more, but each alone", [ran(0, 1), ran(0, 1), ran(5, 5), ran(6, 6), ran(7, 7)], false, false],
  ["one has no program", [ran(0, 1), []], false, false],
  ["none was run", [[], []], null, null],
])("programs: %s", (_, tests, differsFromMajority, nothingToReconcile) => {
  const group = groupOf("code", ...tests.map((__, i) => `f${i}`));
  const flags = flagsOf(group, reference("f"), { rewards: [], tests });
  expect(flags).toMatchObject({ differsFromMajority, nothingToReconcile });
});

test("open tasks have no vote; equal texts leave nothing to reconcile", () => {
  expect(flagsOf(groupOf("open", "Rest.", "Rest. "), reference("Rest."), outcomes())).toMatchObject({
    differsFromMajority: null,
    nothingToReconcile: true,
  });
  expect(flagsOf(groupOf("open", "Rest.", "Drink."), reference("Rest."), outcomes()).nothingToReconcile).toBe(false);
});

test.each([
  [[1, 1, 1], true],
  [[1, null, 1], true],
  [[null, null], true],
  [[0.5, null], true],
  [[1, 0, null], false],
  [[1, undefined, 1], null],
])("no spread, no signal: %j", (rewards, noSignal) => {
  expect(flagsOf(groupOf("open", "a"), reference("b"), outcomes(...rewards)).noSignal).toBe(noSignal);
});
