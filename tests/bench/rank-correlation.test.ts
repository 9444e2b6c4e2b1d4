import { expect, test } from "vitest";
import { ranks, spearman } from "../../src/bench/rank-correlation.ts";

test("ranks by hand, equal values sharing theirs", () => {
  expect(ranks([3, 1, 1, 2])).toEqual([3, 0.5, 0.5, 2]);
});

test("rank correlation by hand: order alone matters", () => {
  expect(spearman([1, 2, 3], [10, 20, 90])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
  // Pearson's correlation of the ranks [0.5, 0.5, 2] and [0, 1, 2].
  expect(spearman([5, 5, 9], [1, 2, 3])).toBeCloseTo(Math.sqrt(3) / 2, 12);
});

test("without spread nothing is ranked; two lengths are an error", () => {
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
  expect(spearman([1], [2])).toBeNull();
  expect(() => spearman([1], [])).toThrow(/1 values cannot be ranked against 0/);
});
