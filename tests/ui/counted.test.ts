/** @file What the screen makes of a person's corrections: values that count, the list to read and undo, rubric edits, and how the method's switches are written. */
import { describe, expect, test } from "vitest";
import { openDecisions } from "../../src/cat/again.ts";
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { behaviourOf } from "../../src/ui/state/behaviour.ts";
import { countedGroup, keptOf } from "../../src/ui/state/counted.ts";
import { agreementTexts, doingsOf, lastDoing } from "../../src/ui/state/doings.ts";
import { freeCriterion, rubricEdit } from "../../src/ui/state/edit-rubric.ts";
import { findingOf } from "../../src/ui/state/finding.ts";
import { methodChanges, MethodSettings } from "../../src/ui/state/method-settings.svelte.ts";
import { summaryOf } from "../../src/ui/state/summary.ts";
import { adviceRun } from "./fixture-advice.ts";
import { listsRun } from "./fixture-lists.ts";
import { fixtureRun } from "./fixture.ts";

const sums = fixtureRun();
const lists = await listsRun();
const advice = await adviceRun();
const fold = (log: readonly LoggedEvent[], ...more: readonly RunEvent[]) =>
  [...log, ...more.map((event, i) => ({ ...event, seq: log.length + i, atMs: 1e6 }))].reduce(apply, emptyRun);
const groupOf = (...args: Parameters<typeof fold>) => fold(...args).groups[0]!;
const override = (target: number, value: boolean | null | string, note = ""): RunEvent => {
  return { type: "override", target, value, note };
};
const seqOf = (log: readonly LoggedEvent[], type: LoggedEvent["type"], rollout = 0) =>
  log.find((e) => e.type === type && (!("rollout" in e) || e.rollout === rollout))!.seq;

describe("the group as it counts", () => {
  test.each([[sums], [lists], [advice]])(
    "is the logged one, the same object, while nobody has changed anything",
    (log) => {
      const group = groupOf(log);
      expect(countedGroup(group)).toBe(group);
      const target = seqOf(log, "rollout.finished");
      const undone = groupOf(log, override(target, "drop"), { type: "undo", target: log.length });
      expect(countedGroup(undone)).toBe(undone);
    },
  );

  test("an answer that a person calls the same is equal, rewarded and counted", () => {
    const group = countedGroup(groupOf(sums, override(seqOf(sums, "equivalence", 1), true)));
    expect(findingOf(group, group.rollouts[1]!)?.verdict).toBe("= equal");
    expect(group.rollouts[1]!.reward).toBe(1);
    expect(summaryOf(group)?.agree).toBe(6);
  });

  test("programs too, though their results stay what they were", () => {
    const group = countedGroup(groupOf(lists, override(seqOf(lists, "tests", 3), true)));
    const { tests } = group.rollouts[3]!;
    expect(behaviourOf(tests!)).toMatchObject({ same: true, total: groupOf(lists).rollouts[3]!.tests!.results.length });
    expect(behaviourOf(tests!).agree).toBeLessThan(behaviourOf(tests!).total);
    expect(summaryOf(group)?.agree).toBe(4);
  });

  test("a verdict becomes a person's, and keeps what the judge's probability was", () => {
    const before = groupOf(advice).rollouts[0]!.verdicts[0]!;
    const after = countedGroup(groupOf(advice, override(before.seq, false))).rollouts[0]!.verdicts[0]!;
    expect(after).toEqual({ ...before, met: false, by: "human" });
  });

  test("an answer is pinned or dropped until that is taken back", () => {
    const target = seqOf(sums, "rollout.finished", 2);
    const keptIn = (...more: readonly RunEvent[]) => {
      const group = countedGroup(groupOf(sums, ...more));
      return group.rollouts.map((rollout) => keptOf(group, rollout));
    };
    const nobody = sums.filter(({ type }) => type === "rollout.finished").map(() => null);
    expect(keptIn()).toEqual(nobody);
    expect(keptIn(override(target, "pin"))).toEqual(nobody.map((_, i) => (i === 2 ? "pin" : null)));
    expect(keptIn(override(target, "pin"), override(target, "drop"))[2]).toBe("drop");
    expect(keptIn(override(target, "drop"), { type: "undo", target: sums.length })).toEqual(nobody);
  });

  test("an edited reference shows its own answer; what was compared with the old one is open", () => {
    const group = countedGroup(groupOf(sums, override(seqOf(sums, "reference.finished"), "So \\boxed{12}.")));
    expect(group.references.synthesis).toMatchObject({ text: "So \\boxed{12}.", finished: { extracted: "12" } });
    expect(group.rollouts.map(({ reward, equivalence }) => reward ?? equivalence)).toEqual(
      group.rollouts.map(() => undefined),
    );
    expect(group.rollouts.every(({ advantage }) => advantage === null || advantage === undefined)).toBe(true);
  });
});

describe("what a person did", () => {
  test("is listed in order with the model's own decision; the last that stands is undone next", () => {
    const verdict = groupOf(advice).rollouts[0]!.verdicts[0]!;
    const at = advice.length;
    const { criteria } = groupOf(advice);
    const visitors: RunEvent = {
      type: "rubric.finished",
      group: 0,
      source: "visitor",
      criteria: [{ id: 0, text: "Is short." }, ...criteria.slice(2), { id: 9, text: "Is kind." }],
      attempts: 0,
      attempt: null,
    };
    const run = fold(
      advice,
      override(verdict.seq, false, "no"),
      override(seqOf(advice, "rollout.finished", 3), "pin"),
      visitors,
      { type: "undo", target: at + 1 },
    );
    expect(doingsOf(run.groups[0]!)).toEqual([
      { seq: at, text: "Answer 1, a: not met (the judge: met)", note: "no", undone: false },
      { seq: at + 1, text: "Answer 4 pinned", note: "", undone: true },
      { seq: at + 2, text: "Rubric: a changed, j added, b dropped", note: "", undone: false },
    ]);
    expect(lastDoing(run.groups[0]!)?.seq).toBe(at + 2);
    expect(openDecisions(run.groups[0]!)).toEqual({ count: 2 * 8, needsJudge: true });
  });

  test("agreement is said in counts, and not at all where there is none", () => {
    const [a, b] = groupOf(advice).rollouts[0]!.verdicts;
    expect(agreementTexts(fold(advice))).toEqual([]);
    expect(agreementTexts(fold(advice, override(a!.seq, true), override(b!.seq, false)))).toEqual([
      "The judge agrees with the person on 1/2 verdicts.",
    ]);
  });
});

test("a rubric edit says what is new, and that at least one criterion is needed", () => {
  const before = [
    { id: 0, text: "One." },
    { id: 1, text: "Two." },
  ];
  expect(rubricEdit(before, before)).toMatchObject({ toJudge: 0, possible: false, summary: "" });
  expect(rubricEdit(before, [{ id: 0, text: "  One. " }])).toMatchObject({
    toJudge: 0,
    possible: true,
    summary: "1 dropped",
  });
  expect(rubricEdit(before, [{ id: 0, text: "Un." }, before[1]!, { id: 2, text: "" }])).toMatchObject({
    toJudge: 1,
    summary: "1 changed",
  });
  expect(rubricEdit(before, [{ id: 0, text: " " }])).toMatchObject({ criteria: [], possible: false });
  expect(freeCriterion(before, [{ id: 2, text: "" }])).toBe(3);
});

test("a run as the paper has it says nothing of its method; without a rubric nobody writes one", () => {
  const method = new MethodSettings();
  expect([method.requestFor("open"), method.changed("open")]).toEqual([{}, 0]);
  method.choose({ lengthPenalty: 40, rubricFrom: "prompt", rewardBy: "sameMeaning" });
  expect(method.requestFor("open")).toEqual({ lengthPenalty: 40, rewardBy: "sameMeaning" });
  expect(method.requestFor("math")).toEqual({ lengthPenalty: 40 });
  method.choose({ rewardBy: "rubric" });
  expect(methodChanges(method.requestFor("open"))).toEqual(["over 40 tokens: −1", "rubric from the question"]);
});
