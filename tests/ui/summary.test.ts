/** @file What a group's rewards come to, by hand. */
import { expect, test } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { summaryOf } from "../../src/ui/state/summary.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";
import { listsRun } from "./fixture-lists.ts";

const groupOf = (log: readonly LoggedEvent[]): GroupState => log.reduce(apply, emptyRun).groups[0]!;

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

test("of programs, behaviours are counted together, whatever their words", async () => {
  const summary = summaryOf(groupOf(await listsRun()))!;
  expect(summary).toMatchObject({ size: 8, agree: 3, undecided: 0, mean: 3 / 8 });
  const [first, ...others] = summary.answers;
  expect(first).toMatchObject({ numbers: [1, 3, 5], equal: true });
  expect(others.map((a) => a.numbers)).toEqual([[2], [4], [6], [7], [8]]);
  expect(others.every((a) => a.equal === false)).toBe(true);
});

test("a rubric knows no agreement, and its rewards are their mean", async () => {
  const group = groupOf(await adviceRun());
  const summary = summaryOf(group)!;
  expect(summary).toMatchObject({ size: 8, agree: null, answers: [] });
  expect(summary.mean).toBeCloseTo(group.rollouts.reduce((sum, r) => sum + r.reward!, 0) / 8, 12);
});

test("without a rubric every reward is undecided and there is no mean", async () => {
  const summary = summaryOf(groupOf(await adviceRun({ rubric: "I cannot." })))!;
  expect(summary).toMatchObject({ undecided: 8, mean: null, spread: null, noSignal: true });
});
