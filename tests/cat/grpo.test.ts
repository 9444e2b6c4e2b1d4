import { expect, test } from "vitest";
import { advantages } from "../../src/cat/grpo.ts";

test("values by hand: sample standard deviation", () => {
  // mean 0.5, deviations ±0.5, variance 4 · 0.25 / 3
  const a = 0.5 / (Math.sqrt(1 / 3) + 1e-6);
  expect(advantages([1, 0, 1, 0])).toEqual([a, -a, a, -a]);
});

test("null rewards are left out and stay null", () => {
  expect(advantages([1, null, 0, null])).toEqual([
    expect.closeTo(Math.SQRT1_2, 5),
    null,
    -advantages([1, 0])[0]!,
    null,
  ]);
});

test("no spread, no signal: also where floats would leave a trace of one", () => {
  expect(advantages([0.1, 0.1, 0.1])).toEqual([0, 0, 0]);
  expect(advantages([1])).toEqual([0]);
  expect(advantages([null, 1])).toEqual([null, 0]);
  expect(advantages([null, null])).toEqual([null, null]);
  expect(advantages([])).toEqual([]);
});

test("sum to zero, keep the order of rewards, ignore shift and scale, follow a permutation", () => {
  const rewards = [0.2, 1, 0, 0.4, 0.4, -0.6];
  const a = advantages(rewards).map(Number);
  expect(a.reduce((x, y) => x + y)).toBeCloseTo(0, 10);
  for (const [i, r] of rewards.entries()) {
    for (const [j, s] of rewards.entries()) expect(Math.sign(a[i]! - a[j]!)).toBe(Math.sign(r - s));
  }
  const moved = advantages(rewards.map((r) => 0.5 * r - 0.1));
  for (const [i, x] of moved.entries()) expect(x).toBeCloseTo(a[i]!, 4);
  const reversed = advantages(rewards.toReversed());
  for (const [i, x] of reversed.toReversed().entries()) expect(x).toBeCloseTo(a[i]!, 10);
});
