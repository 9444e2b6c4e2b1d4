/** @file Steps and places on the screen: there and back. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameOf, nearestStop, placeOf } from "../../src/ui/state/chart-frame.ts";

const widths = fc.integer({ min: 280, max: 2000 });

test("a step is found again at its own place, and within the drawing", () => {
  const stops = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 });
  fc.assert(
    fc.property(widths, stops, fc.boolean(), (width, steps, isSparse) => {
      const frame = frameOf({ isSparse }, width, 60);
      for (const step of steps) {
        const place = placeOf(step, frame);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(width);
        expect(nearestStop(steps, place, frame)).toBe(step);
      }
    }),
  );
});

test("without a step there is none to find; half of a narrow screen is left for the lines", () => {
  const frame = frameOf({ isSparse: true }, 296, 10);
  expect(nearestStop([], 10, frame)).toBeNull();
  expect(placeOf(10, frame) - placeOf(0, frame)).toBeGreaterThanOrEqual(140);
});
