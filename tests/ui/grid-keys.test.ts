/** @file Keys in a grid: each moves as it says, none leaves the grid, and others are left alone. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { placeAfter } from "../../src/ui/state/grid-keys.ts";

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const grid = { lastRow: 3, firstColumn: -1, lastColumn: 2 };
const after = (key: string, row: number, column: number) => placeAfter({ ...plain, key }, { row, column }, grid);

test("arrows go one on, Home and End to the ends of the row", () => {
  expect(after("ArrowRight", 1, 0)).toEqual({ row: 1, column: 1 });
  expect(after("ArrowLeft", 1, 0)).toEqual({ row: 1, column: -1 });
  expect(after("ArrowDown", 1, 0)).toEqual({ row: 2, column: 0 });
  expect(after("ArrowUp", 1, 0)).toEqual({ row: 0, column: 0 });
  expect(after("Home", 1, 0)).toEqual({ row: 1, column: -1 });
  expect(after("End", 1, 0)).toEqual({ row: 1, column: 2 });
});

test("however many keys are pressed, the place stays in the grid", () => {
  const key = fc.constantFrom("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End");
  fc.assert(
    fc.property(fc.array(key), fc.nat(9), fc.integer({ min: -1, max: 0 }), fc.nat(9), (keys, lastRow, first, more) => {
      const grid = { lastRow, firstColumn: first, lastColumn: first + more };
      let place = { row: 0, column: first };
      for (const key of keys) place = placeAfter({ ...plain, key }, place, grid)!;
      expect(place.row).toBeGreaterThanOrEqual(0);
      expect(place.row).toBeLessThanOrEqual(lastRow);
      expect(place.column).toBeGreaterThanOrEqual(first);
      expect(place.column).toBeLessThanOrEqual(grid.lastColumn);
    }),
  );
});

test("other keys, and keys held with another, lead nowhere", () => {
  expect(["Escape", "Enter", " ", "a", "PageDown"].map((key) => after(key, 1, 1))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
  for (const held of Object.keys(plain)) {
    expect(placeAfter({ ...plain, [held]: true, key: "ArrowRight" }, { row: 1, column: 1 }, grid)).toBe(null);
  }
});
