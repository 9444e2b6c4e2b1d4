/** @file Rows and their weights, buckets and their padding, the numbers of a step: by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenObjective } from "../../src/cat/grpo.ts";
import { type TrainGroup, trainRows } from "../../src/train/batch.ts";
import { buckets } from "../../src/train/buckets.ts";
import { batchStatistics, lossStatistics } from "../../src/train/statistics.ts";
import { normal } from "../engine/normal.ts";

function group(rewards: readonly (number | null)[], lengths: readonly number[]): TrainGroup {
  const rollouts = lengths.map((length) => {
    const each = Array.from({ length }, (_, i) => i);
    return { tokenIds: each, logprobs: each.map(() => -1), entropies: each.map(() => length) };
  });
  return { prompt: [7], rollouts, rewards };
}

describe("rows", () => {
  test("weights are means over tokens, rollouts and groups; groups without spread and null rewards are left out", () => {
    const groups = [group([1, 0, null], [2, 4, 9]), group([1, 1], [3, 3]), group([null, null], [5, 5])];
    const rows = trainRows(groups, "sequence-mean");
    // Two groups have rewards; the one that ties is not run, and counts.
    expect(rows.map(({ weight }) => weight)).toEqual([1 / (2 * 2 * 2), 1 / (2 * 2 * 4)]);
    expect(rows.map(({ advantage }) => Math.sign(advantage))).toEqual([1, -1]);
    const [even] = trainRows(groups, "token-mean");
    expect(even!.weight).toBe(1 / (2 + 4 + 3 + 3));
  });

  test("a rollout without one log-probability a token is refused", () => {
    const { prompt, rewards, rollouts } = group([1, 0], [2, 2]);
    const short = { prompt, rewards, rollouts: rollouts.map((one) => ({ ...one, logprobs: [-1] })) };
    expect(() => trainRows([short], "token-mean")).toThrow("a rollout has 2 tokens and 1 log-probabilities");
  });
});

describe("buckets", () => {
  const lengthsOf = (all: ReturnType<typeof buckets>) => all.flatMap(({ rows }) => rows);

  test("every row is in one, none is longer than its bucket, memory is bounded, shapes are few", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 4000 }), (rows, tokens) => {
        const found = buckets(rows, tokens);
        expect(lengthsOf(found).toSorted((a, b) => a - b)).toEqual(rows.map((_, i) => i));
        for (const { length, rows: some } of found) {
          for (const row of some) {
            expect(rows[row]!).toBeLessThanOrEqual(length);
            // Less than a fifth of each row is padding.
            expect(length - rows[row]!).toBeLessThan(length / 5);
          }
          expect(some.length === 1 || some.length * length <= tokens).toBe(true);
        }
        expect(new Set(found.map(({ length }) => length)).size).toBeLessThanOrEqual(40);
      }),
    );
  });

  test.each([
    ["sums of the embedded model", 95, 18],
    ["short answers", 34, 9],
    ["long ones, some very long", 420, 160],
  ])("of %s less than a quarter is padding", (_, centre, spread) => {
    const lengths = Array.from(normal(String(centre), 64, spread), (x) => Math.max(5, Math.round(centre + x)));
    const padded = buckets(lengths, 2048).reduce((sum, { length, rows }) => sum + length * rows.length, 0);
    const real = lengths.reduce((sum, length) => sum + length, 0);
    expect(1 - real / padded).toBeLessThan(0.25);
    // Padding there is: else nothing was bucketed.
    expect(padded).toBeGreaterThan(real);
  });
});

describe("statistics", () => {
  test("of rewards and lengths, null rewards left out", () => {
    const found = batchStatistics([group([1, 0, null], [2, 4, 9]), group([0.5, 0.5], [3, 3])]);
    expect(found.rewardMean).toBe(0.5);
    expect(found.rewardStd).toBeCloseTo(Math.SQRT1_2 / 2, 12);
    expect(found.fracRewardZeroStd).toBe(0.5);
    expect(found.meanTokens).toBe(21 / 5);
    expect(found.entropy).toBeCloseTo((2 * 2 + 4 * 4 + 9 * 9 + 3 * 3 * 2) / 21, 12);
  });

  test("without rewards there are none", () => {
    const found = batchStatistics([group([null, null], [2, 4])]);
    expect(found).toEqual({
      rewardMean: null,
      rewardStd: null,
      fracRewardZeroStd: null,
      entropy: 20 / 6,
      meanTokens: 3,
    });
  });

  test("of the loss: weighted values, mean divergence, share of clipped tokens", () => {
    const objective = { clipRange: 0.2, klCoefficient: 0.1 };
    const rows = trainRows([group([1, 0], [1, 2])], "sequence-mean");
    const logprobs = [Float32Array.of(-0.5), Float32Array.of(-1, -2)];
    const initial = [Float32Array.of(-1), Float32Array.of(-1, -1)];
    const found = lossStatistics(rows, logprobs, initial, objective);
    const k3 = [Math.exp(-0.5) + 0.5 - 1, 0, Math.E - 1 - 1];
    const gain = [1.2 * Math.SQRT1_2, -Math.SQRT1_2, -0.8 * Math.SQRT1_2];
    const values = gain.map((one, t) => one - 0.1 * k3[t]!);
    expect(found.loss).toBeCloseTo(-(values[0]! / 2 + (values[1]! + values[2]!) / 4), 5);
    expect(found.kl).toBeCloseTo(k3.reduce((a, b) => a + b) / 3, 6);
    expect(found.clipFraction).toBeCloseTo(2 / 3, 12);
    expect(lossStatistics(rows, logprobs, null, { ...objective, klCoefficient: 0 }).kl).toBeNull();
  });

  test.each([
    // Beyond the range a good token gains no more, and a bad one loses no less by coming back.
    [0.5, 1, 1.2, true],
    [-0.5, 1, Math.exp(-0.5), false],
    [0.5, -1, -Math.exp(0.5), false],
    [-0.5, -1, -0.8, true],
    [0.1, 1, Math.exp(0.1), false],
  ])("a token whose logarithm moved by %f, with advantage %f", (moved, advantage, value, isClipped) => {
    const token = { logprob: -1 + moved, oldLogprob: -1, initialLogprob: null };
    const found = tokenObjective(token, advantage, { clipRange: 0.2, klCoefficient: 0 });
    expect(found.value).toBeCloseTo(value, 12);
    expect(found).toMatchObject({ isClipped, kl: null });
  });
});
