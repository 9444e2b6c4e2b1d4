/** @file The line between foreign prompts and the small world's own: never beyond what may be flagged, and as strict as that allows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOREIGN, measureDepth } from "../../scripts/depth-measure.ts";
import { chooseThreshold, GOAL, ratesAt, type Scored, type Sort } from "../../scripts/depth-threshold.ts";
import { ROOT } from "../../scripts/site.ts";
import { scripted } from "../scripted.ts";

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

test("the committed prompts, by words: the milestone's bounds hold on the half that nothing was chosen on", async () => {
  const { byWords, shipped, counts, missed, refused } = await measureDepth(null);
  for (const { caught, flagged } of [byWords.reported, shipped]) {
    expect(caught).toBeGreaterThanOrEqual(GOAL.caught);
    expect(flagged).toBeLessThanOrEqual(GOAL.flagged);
  }
  expect(missed).toHaveLength(Math.round((1 - shipped.caught) * counts.foreign));
  expect(refused).toHaveLength(Math.round(shipped.own * counts.own));
});

test("a policy that finds the foreign unlikely is asked once a prompt, and told apart by it", async () => {
  const foreign = new Set(readPrompts(FOREIGN));
  const logprob = (_: string, text: string) => (foreign.has(text) ? -9 : -1);
  const shares: number[] = [];
  const { byPolicy, counts } = await measureDepth(scripted({ logprob }), (share) => shares.push(share));
  expect(byPolicy!.reported).toMatchObject({ caught: 1, flagged: 0, own: 0 });
  expect([shares.length, shares.at(-1)]).toEqual([counts.foreign + counts.heldOut + counts.own, 1]);
});

function readPrompts(path: string): string[] {
  const lines = readFileSync(join(ROOT, path), "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { prompt: string }).prompt);
}
