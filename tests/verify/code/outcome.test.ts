import { expect, test } from "vitest";
import {
  compareOutcomes,
  gaveValue,
  type Outcome,
  sameOutcome,
  sameValue,
  type Value,
} from "../../../src/verify/code/outcome.ts";

/** No two are the same. */
const DISTINCT: readonly Value[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  1e21,
  "",
  "0",
  "null",
  [],
  [[]],
  [0],
  [0, 0],
  [null],
  { type: "undefined" },
  [{ type: "undefined" }],
  { type: "NaN" },
  { type: "Infinity" },
  { type: "-Infinity" },
  { type: "bigint", digits: "1" },
  { type: "bigint", digits: "2" },
  { type: "object", entries: [] },
  { type: "object", entries: [["a", 1]] },
  { type: "object", entries: [["type", "NaN"]] },
  { type: "object", entries: [["a", 1], ["b", 2]] }, // prettier-ignore
];

test("same only as itself, both ways round", () => {
  for (const [i, a] of DISTINCT.entries()) {
    for (const [j, b] of DISTINCT.entries()) expect(sameValue(a, b), `${i} ${j}`).toBe(i === j);
    expect(sameValue(a, structuredClone(a))).toBe(true);
  }
});

test("what counts as the same: zeros, keys in another order, sums in another order", () => {
  expect(sameValue(0, -0)).toBe(true);
  expect(sameValue([-0], [0])).toBe(true);
  const ab: Value = { type: "object", entries: [["a", 1], ["b", [2]]] }; // prettier-ignore
  const ba: Value = { type: "object", entries: [["b", [2]], ["a", 1]] }; // prettier-ignore
  expect(sameValue(ab, ba)).toBe(true);
  expect(sameValue(0.1 + 0.2, 0.3)).toBe(true);
  expect(sameValue(1_000_000, 1_000_001)).toBe(false);
  expect(sameValue(0, 1e-300)).toBe(false);
});

const value = (v: Value): Outcome => ({ type: "value", value: v });
const threw: Outcome = { type: "threw", error: "TypeError" };
const failed: Outcome = { type: "failed", why: "timeout" };

test("throwing is a behaviour, failing is none", () => {
  expect(sameOutcome(threw, { type: "threw", error: "other" })).toBe(true);
  expect(sameOutcome(threw, value({ type: "undefined" }))).toBe(false);
  expect(sameOutcome(failed, failed)).toBe(false);
  expect([gaveValue([threw, failed]), gaveValue([threw, value(null)])]).toEqual([false, true]);
});

test("inputs on which the reference failed are left out; the rest are written as they are", () => {
  const results = compareOutcomes([["a"], ["b"], ["c"]], [value(1), failed, threw], [value(1), value(1), failed]);
  expect(results).toEqual([
    { input: ["a"], expected: 1, actual: 1, same: true },
    { input: ["c"], expected: threw, actual: failed, same: false },
  ]);
  expect(JSON.parse(JSON.stringify(results))).toEqual(results);
});
