/** @file Ends of axes and places of labels: what is promised of any numbers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { roundAbove, spread, stepsEnd } from "../../src/ui/state/chart-axis.ts";

test("an axis ends at a round number that holds all, and is at least half full", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
      const end = roundAbove(value);
      expect(end).toBeGreaterThanOrEqual(value * (1 - 1e-8));
      expect(end).toBeLessThanOrEqual(2 * value);
    }),
  );
  expect([0.3, 60, 61, 1000, 0.021].map(roundAbove)).toEqual([0.3, 60, 80, 1000, 0.03]);
});

test("the end of the steps moves seldom: 200 steps, no more than a dozen times", () => {
  const ends = new Set(Array.from({ length: 200 }, (_, steps) => stepsEnd(steps)));
  expect(ends.size).toBeLessThanOrEqual(12);
  expect(stepsEnd(0)).toBe(10);
});

test("labels keep their distance, their order and the range, and stay where nothing is in their way", () => {
  const places = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 });
  fc.assert(
    fc.property(places, (asked) => {
      const placed = spread(asked, 16, [0, 300]);
      const sorted = placed.toSorted((a, b) => a - b);
      for (const [i, place] of sorted.entries()) {
        expect(place).toBeGreaterThanOrEqual(-1e-9);
        expect(place).toBeLessThanOrEqual(300 + 1e-9);
        if (i > 0) expect(place - sorted[i - 1]!).toBeGreaterThanOrEqual(16 - 1e-9);
      }
      for (const [i, a] of asked.entries()) {
        for (const [j, b] of asked.entries()) if (a < b) expect(placed[i]).toBeLessThan(placed[j]!);
        if (asked.every((b, j) => i === j || Math.abs(a - b) >= 200)) expect(placed[i]).toBe(a);
      }
    }),
  );
  expect(spread([100, 104], 16, [0, 300])).toEqual([94, 110]);
});
