/** @file What became of an answer, for each kind of task. */
import { expect, test } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { findingOf } from "../../src/ui/state/finding.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";
import { listsRun } from "./fixture-lists.ts";

const lists = await listsRun();
const advice = await adviceRun();

const findings = (log: readonly LoggedEvent[]) => {
  const group = log.reduce(apply, emptyRun).groups[0]!;
  return group.rollouts.map((rollout) => findingOf(group, rollout));
};
const before = (log: readonly LoggedEvent[], type: LoggedEvent["type"]) =>
  log.slice(
    0,
    log.findIndex((e) => e.type === type),
  );

test("of a sum its answer, against the reference", () => {
  const found = findings(fixtureRun());
  expect(found[0]).toEqual({ text: "13", detail: "", isAnswer: true, verdict: "= equal" });
  expect(found[6]).toEqual({ text: "no answer found", detail: "", isAnswer: false, verdict: "≠ differs" });
});

test("of a program on how many inputs it does the same", () => {
  const found = findings(lists);
  expect(found[2]).toMatchObject({ verdict: "= same behaviour", isAnswer: false });
  expect(found[7]).toMatchObject({ text: "did not finish", verdict: "≠ differs" });
});

test("of advice how many criteria, and how many were undecided", () => {
  const found = findings(advice);
  expect(found[0]).toEqual({ text: "4/6 met", detail: "", isAnswer: false, verdict: null });
  expect(found[1]).toEqual({ text: "1/5 met", detail: ", 1 undecided", isAnswer: false, verdict: null });
  const third = advice.findIndex((e) => e.type === "verdict" && e.criterion === 3);
  expect(findings(advice.slice(0, third))[0]).toMatchObject({ text: "3/6 judged" });
});

test("without criteria nothing is judged, which is not 0 of 0", async () => {
  const found = findings(await adviceRun({ rubric: "I cannot." }));
  expect(found[0]).toMatchObject({ text: "nothing judged", verdict: null });
});

test("nothing before there is anything to say", () => {
  for (const [log, type] of [
    [fixtureRun(), "equivalence"],
    [lists, "tests"],
    [advice, "verdict"],
  ] as const) {
    expect(findings(before(log, type)).every((f) => f === null)).toBe(true);
  }
});
