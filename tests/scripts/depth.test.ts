/** @file The line between foreign prompts and the small world's own: never beyond what may be flagged, and as strict as that allows. */
import { expect, test } from "vitest";
import { chooseThreshold, GOAL, ratesAt, type Scored, type Sort } from "../../scripts/depth-threshold.ts";

const scored = (sort: Sort, ...scores: number[]): Scored[] => scores.map((score) => ({ sort, score }));
const even = (n: number) => Array.from({ length: n }, (_, i) => i / n);

test("rates are shares of their own sort, and a score at the threshold is inside", () => {
  const prompts = [...scored("foreign", 0.1, 0.5), ...scored("heldOut", 0.5, 0.4, 0.9, 1), ...scored("own", 1)];
  expect(ratesAt(0.5, prompts)).toEqual({ threshold: 0.5, caught: 0.5, flagged: 0.25, own: 0 });
});

test("the strictest threshold that the bounds allow is taken, whatever the order of the candidates", () => {
  const prompts = [...scored("foreign", ...even(10)), ...scored("heldOut", ...even(1000)), ...scored("own", 1, 1)];
  const candidates = even(200);
  const { threshold } = chooseThreshold(prompts, candidates);
  expect(chooseThreshold(prompts, candidates.toReversed()).threshold).toBe(threshold);
  expect(ratesAt(threshold, prompts).flagged).toBeLessThanOrEqual(GOAL.flagged);
  const next = candidates.find((candidate) => candidate > threshold)!;
  expect(ratesAt(next, prompts).flagged).toBeGreaterThan(GOAL.flagged);
});

test("own words hold it back too", () => {
  const prompts = [...scored("foreign", 0), ...scored("heldOut", 1), ...scored("own", ...even(10))];
  expect(chooseThreshold(prompts, even(10)).threshold).toBe(0.1);
});

test("where every threshold flags too many, that is an error", () => {
  const prompts = [...scored("foreign", 0), ...scored("heldOut", 0), ...scored("own", 1)];
  expect(() => chooseThreshold(prompts, [0.5, 1])).toThrow(RangeError);
});
