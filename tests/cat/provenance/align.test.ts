/** @file Alignments against trying everything out. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { alignFreely } from "../../../src/cat/provenance/align-freely.ts";
import { alignInOrder } from "../../../src/cat/provenance/align.ts";

const table = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 })).chain(([rows, columns]) =>
  fc.array(
    fc.array(
      fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
      { minLength: columns, maxLength: columns },
    ),
    { minLength: rows, maxLength: rows },
  ),
);

/** The most that pairs in order can come to. */
function best(likenesses: readonly (readonly number[])[], least: number, row = 0, from = 0): number {
  if (row === likenesses.length) return 0;
  let most = best(likenesses, least, row + 1, from);
  for (let c = from; c < likenesses[row]!.length; c++) {
    most = Math.max(most, likenesses[row]![c]! - least + best(likenesses, least, row + 1, c + 1));
  }
  return most;
}

test("in order: no other pairs are worth more, and none cross", () => {
  fc.assert(
    fc.property(table, fc.constantFrom(0.1, 0.25, 0.6), (likenesses, least) => {
      const pairs = alignInOrder(likenesses, least);
      const columns = pairs.filter((c) => c !== null);
      expect(columns).toEqual([...new Set(columns)].sort((a, b) => a - b));
      const worth = pairs.reduce<number>((sum, c, row) => sum + (c === null ? 0 : likenesses[row]![c]! - least), 0);
      expect(worth).toBeCloseTo(best(likenesses, least), 9);
    }),
  );
});

const free = (likenesses: number[][][], reference: string[], rollouts: string[][]) =>
  alignFreely(likenesses, { reference, rollouts }, 0.1);

test("in any order: the most alike first, each once, from the least on", () => {
  expect(
    free(
      [
        [
          [0.2, 0.9],
          [0.3, 0.8],
        ],
      ],
      ["A", "B"],
      [["x", "y"]],
    ),
  ).toEqual([[1, 0]]);
  expect(free([[[0.05]]], ["A"], [["x"]])).toEqual([[null]]);
});

test("two sentences of one text are not both taken for one step", () => {
  // y is alike to A, but another rollout says both A's words and y: they are two points.
  expect(free([[[1, 0]], [[0.5]]], ["A"], [["A", "y"], ["y"]])).toEqual([[0], [null]]);
  expect(free([[[1]], [[0.5]]], ["A"], [["A"], ["y"]])).toEqual([[0], [0]]);
});

test("a sentence that two rollouts share is taken for the same step in both", () => {
  expect(
    free(
      [
        [[0.6], [0.5]],
        [
          [0, 0.6],
          [0.9, 0.5],
        ],
      ],
      ["A", "B"],
      [["y"], ["z", "y"]],
    ),
  ).toEqual([
    [0, null],
    [1, 0],
  ]);
});
