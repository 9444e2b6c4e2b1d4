/** @file Rubric and verdicts as the screen counts them, over every prefix of a run and by hand. */
import { describe, expect, test } from "vitest";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import {
  attemptText,
  cellSentence,
  confidenceText,
  criteriaOf,
  letterOf,
  metText,
  rewardSum,
  tallyOfAnswer,
  tallyOfCriterion,
  verdictText,
  weightOf,
  type Verdict,
} from "../../src/ui/state/rubric.ts";
import { adviceRun } from "./fixture-advice.ts";

const log = await adviceRun();
const group = log.reduce(apply, emptyRun).groups[0]!;
const size = group.rollouts.length;

/** The group after each event. */
function prefixes(): GroupState[] {
  let run = emptyRun;
  return log.flatMap((event) => {
    run = apply(run, event);
    return run.groups[0] ?? [];
  });
}

describe("criteria", () => {
  test("appear while they are written, each the beginning of what it becomes", () => {
    const written = prefixes().filter((g) => g.rubric !== undefined && g.rubric.finished === undefined);
    expect(written.length).toBeGreaterThan(0);
    for (const g of written) {
      const soFar = criteriaOf(g);
      expect(soFar.length).toBeLessThanOrEqual(group.criteria.length);
      for (const { id, text } of soFar) expect(group.criteria[id]!.text.startsWith(text)).toBe(true);
    }
  });

  test("show no half-written tag", () => {
    const rubric = (text: string): GroupState => ({
      ...group,
      criteria: [],
      rubric: { attempt: 1, text, finished: undefined },
    });
    expect(criteriaOf(rubric("<rubric><criterion>Says rest.</criter")).map((c) => c.text)).toEqual(["Says rest."]);
    expect(criteriaOf(rubric("<rub"))).toEqual([]);
  });

  test("are the finished ones in the end", () => {
    expect(criteriaOf(group)).toEqual(group.criteria);
    expect(criteriaOf(prefixes()[0]!)).toEqual([]);
  });
});

describe("tallies", () => {
  test("count each verdict once, by row as by column, in every prefix", () => {
    for (const g of prefixes()) {
      const byAnswer = g.rollouts.map((r) => tallyOfAnswer(r, g.criteria.length));
      const byCriterion = g.criteria.map(({ id }) => tallyOfCriterion(g, id));
      const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
      expect(sum(byAnswer.map((t) => t.met))).toBe(sum(byCriterion.map((t) => t.met.length)));
      expect(sum(byAnswer.map((t) => t.judged))).toBe(
        sum(byCriterion.map((t) => t.met.length + t.unmet.length + t.undecided.length)),
      );
    }
  });

  test("met ÷ decided is the reward", () => {
    for (const rollout of group.rollouts) {
      const { met, decided, judged, total } = tallyOfAnswer(rollout, group.criteria.length);
      expect(judged).toBe(total);
      expect(rollout.reward).toBeCloseTo(met / decided, 12);
    }
  });

  test("undecided is neither met nor not met", () => {
    const tallies = group.criteria.map(({ id }) => tallyOfCriterion(group, id));
    expect(tallies[0]!.undecided).toEqual([2, 5, 8]);
    for (const { met, unmet, undecided } of tallies) {
      expect([...met, ...unmet, ...undecided].sort((a, b) => a - b)).toEqual(
        Array.from({ length: size }, (_, i) => i + 1),
      );
    }
  });
});

const verdict = (met: boolean | null, probability: number | null, by: "model" | "human" = "model"): Verdict => ({
  type: "verdict",
  seq: 0,
  atMs: 0,
  group: 0,
  rollout: 0,
  criterion: 0,
  met,
  probability,
  by,
});

test.each([
  [verdict(true, 0.93), "yes, 93 %"],
  [verdict(false, 0.07), "no, 93 %"],
  [verdict(true, 0.9999), "yes, over 99 %"],
  [verdict(null, 0.5), "yes and no are alike, 50 %"],
  [verdict(null, null), "the judge said neither yes nor no"],
  [verdict(true, null, "human"), "decided by a person"],
])("%j reads %s", (v, text) => {
  expect(confidenceText(v)).toBe(text);
});

test("the surer the judge, the darker the cell, either way alike", () => {
  const weights = [0.5001, 0.6, 0.8, 1].map((p) => weightOf(verdict(true, p)));
  expect(weights).toEqual([...weights].sort((a, b) => a - b));
  expect(weights[0]).toBeGreaterThanOrEqual(0.45);
  expect(weights.at(-1)).toBe(1);
  expect(weightOf(verdict(false, 0.2))).toBeCloseTo(weightOf(verdict(true, 0.8)), 12);
});

test("a reward shows its sum, and the penalty of a length in it", () => {
  const tally = { met: 4, decided: 5, judged: 6, total: 6 };
  expect(rewardSum(0.8, tally)).toBe("4 ÷ 5 = 0.8");
  expect(rewardSum(-0.2, tally)).toBe("4 ÷ 5 − 1 = −0.2");
  expect(rewardSum(0, { ...tally, met: 0 })).toBe("0 ÷ 5 = 0");
});

test("letters for criteria, words for verdicts", () => {
  expect([0, 7, 25, 26].map(letterOf)).toEqual(["a", "h", "z", "27"]);
  expect([true, false, null].map(metText)).toEqual(["met", "not met", "undecided"]);
});

test("a cell is a sentence; where a person says otherwise it tells what the judge said", () => {
  const cell = { answer: 0, criterion: 1 };
  const { text } = group.criteria[1]!;
  const judged = verdictText(group.rollouts[0]!.verdicts[1]);
  expect(cellSentence(group, group, cell)).toBe(`Answer 1, b “${text}”: ${judged}.`);
  const verdicts = group.rollouts[0]!.verdicts.map((v) => v && { ...v, met: null, by: "human" as const });
  const counted = { ...group, rollouts: group.rollouts.map((r, i) => (i === 0 ? { ...r, verdicts } : r)) };
  expect(cellSentence(counted, group, cell)).toBe(
    `Answer 1, b “${text}”: undecided (decided by a person). The judge: ${judged}.`,
  );
  expect(cellSentence(prefixes()[0]!, group, cell)).toBe("Answer 1, b “”: not judged yet.");
});

test("criteria are said to be of the attempt that was taken, not of the last one", () => {
  const of = (attempt: number, attempts: number, taken: number | null) =>
    attemptText({ attempt, text: "", finished: { ...group.rubric!.finished!, attempts, attempt: taken } });
  expect(of(1, 1, 1)).toBe("");
  expect(of(1, 2, 1)).toBe("the first of 2 attempts");
  expect(of(2, 2, 2)).toBe("second attempt");
  expect([of(2, 2, null), of(0, 0, null)]).toEqual(["", ""]);
  expect([1, 2].map((attempt) => attemptText({ attempt, text: "", finished: undefined }))).toEqual(["", "second attempt"]); // prettier-ignore
});
