/** @file What a training has come to: the teacher is crossed when a score says so, sharpening is not called learning, and the best is the best. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Findings, findingsOf } from "../../src/run/training-findings.ts";
import { applyToTraining, emptyTraining } from "../../src/run/training.ts";
import { MadeTraining } from "./made-training.ts";

const found = ({ log }: MadeTraining): Findings => findingsOf(log.reduce(applyToTraining, emptyTraining()));

/** Single .4, greedy .6, majority .55, teacher .7, each ± .03; then a score after each ten steps. */
function scored(...means: readonly number[]): MadeTraining {
  const made = new MadeTraining().lines(0.4, 0.6, 0.55, 0.7, 0.03);
  for (const [i, mean] of means.entries()) {
    for (let step = 10 * i; step < 10 * (i + 1); step++) made.step(step);
    made.score(10 * (i + 1), mean, 0.04);
  }
  return made;
}

test("the crossing is the first evaluation above the teacher, and says by how much", () => {
  const { outcome, best } = found(scored(0.5, 0.72, 0.8));
  if (outcome.of !== "crossed") throw new Error(outcome.of);
  const { score, line, difference, se, isBeyondError, lasts } = outcome.crossing;
  expect([score.step, line.aggregator, isBeyondError, lasts]).toEqual([20, "synthesis", false, true]);
  expect(difference).toBeCloseTo(0.02);
  expect(se).toBeCloseTo(0.05);
  expect(best?.step).toBe(30);
});

test("beyond the error of the difference, and lost again", () => {
  expect(found(scored(0.76)).outcome).toMatchObject({ crossing: { isBeyondError: true, lasts: true } });
  expect(found(scored(0.74)).outcome).toMatchObject({ crossing: { isBeyondError: false } });
  expect(found(scored(0.76, 0.69)).outcome).toMatchObject({ of: "crossed", crossing: { lasts: false } });
});

test("as high as the teacher is not above it", () => {
  expect(found(scored(0.7)).outcome.of).toBe("sharpened");
});

test("greedy reached and the teacher not: sharpened, not taught", () => {
  expect(found(scored(0.5, 0.6)).outcome).toMatchObject({
    of: "sharpened",
    greedy: { score: { step: 20 }, line: { aggregator: "greedy" } },
    teacher: { line: { aggregator: "synthesis" } },
  });
  expect(found(scored(0.5, 0.59)).outcome).toMatchObject({ of: "below", best: { score: { step: 20 } } });
});

test("nothing was sharpened where a single sample was as good as greedy from the start and became no better", () => {
  const made = new MadeTraining().lines(0.5, 0.45, null, 0.7).step(0).score(1, 0.48);
  expect(found(made).outcome.of).toBe("below");
});

test("without a later evaluation, or before all lines are there, nothing is said", () => {
  expect(found(new MadeTraining())).toEqual({ outcome: { of: "unknown" }, best: null, alarms: [] });
  expect(found(scored()).outcome.of).toBe("unknown");
  expect(found(new MadeTraining().score(0, 0.4).step(0).score(1, 0.9)).outcome.of).toBe("unknown");
});

test("a crossing that was taken back is none", () => {
  const made = scored(0.5, 0.8);
  expect(found(made.add({ type: "rewound", step: 10 }))).toMatchObject({
    outcome: { of: "below" },
    best: { step: 10 },
  });
});

test("of any scores: crossed exactly if one is above the teacher, at the first; best is the first of the highest", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }), (twentieths) => {
      const means = twentieths.map((n) => n / 20);
      const made = new MadeTraining().lines(0.4, 0.6, 0.55, 0.7);
      for (const [i, mean] of means.entries()) made.step(i).score(i + 1, mean);
      const { outcome, best } = found(made);
      const first = means.findIndex((mean) => mean > 0.7);
      expect(outcome.of === "crossed").toBe(first !== -1);
      if (outcome.of === "crossed") expect(outcome.crossing.score.step).toBe(first + 1);
      const all = [0.4, ...means];
      expect(best?.step).toBe(all.indexOf(Math.max(...all)));
    }),
  );
});
