/** @file What a group's rewards come to, by hand. */
import { expect, test } from "vitest";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { summaryOf } from "../../src/ui/state/summary.ts";
import { fixtureRun } from "./fixture.ts";

const groupOf = (log: ReturnType<typeof fixtureRun>): GroupState => log.reduce(apply, emptyRun).groups[0]!;

test("nothing before the first comparison", () => {
  const log = fixtureRun();
  const before = log.slice(
    0,
    log.findIndex((e) => e.type === "equivalence"),
  );
  expect(summaryOf(groupOf(before))).toBeNull();
});

test("counts, mean and spread of five ones and three zeros", () => {
  const summary = summaryOf(groupOf(fixtureRun()))!;
  expect(summary).toMatchObject({ size: 8, agree: 5, undecided: 0, mean: 0.625, noSignal: false });
  expect(summary.spread).toBeCloseTo(Math.sqrt((5 * 0.375 ** 2 + 3 * 0.625 ** 2) / 7), 12);
});

test("answers are counted together, most frequent first, with their numbers", () => {
  const { answers } = summaryOf(groupOf(fixtureRun()))!;
  expect(answers).toEqual([
    { answer: "13", numbers: [1, 3, 5, 6, 8], equal: true },
    { answer: "12", numbers: [2], equal: false },
    { answer: "15", numbers: [4], equal: false },
    { answer: null, numbers: [7], equal: false },
  ]);
});

test("without spread there is no signal", () => {
  const summary = summaryOf(groupOf(fixtureRun({ alike: true })))!;
  expect(summary).toMatchObject({ agree: 8, mean: 1, spread: 0, noSignal: true });
});

test("an undecided reward is left out, not counted as 0", () => {
  const group = groupOf(fixtureRun());
  const rollouts = group.rollouts.map((r, i) => (i === 1 ? { ...r, reward: null } : r));
  const summary = summaryOf({ ...group, rollouts })!;
  expect(summary.undecided).toBe(1);
  expect(summary.mean).toBeCloseTo(5 / 7, 12);
});
