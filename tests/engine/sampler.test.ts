/** @file The sampler against a plain oracle: sort everything, draw all noise. And against the distribution that it claims to sample. */
import { describe, expect, test } from "vitest";
import type { NoiseSource, Sampling } from "../../src/cat/models.ts";
import { LARGEST_GUMBEL, RowNoise } from "../../src/engine/noise.ts";
import { Sampler } from "../../src/engine/sampler.ts";
import { philox4x32, PURPOSE_CODES } from "../../src/run/seed.ts";
import { expectDistribution } from "./distribution.ts";
import { madeUpLogits, oracleKept, SAMPLINGS, softmax } from "./logits.ts";

/** The definition of the noise, written once more: which word of which block, and the Gumbel variate of it. */
function oracleGumbel({ seed, group, purpose, rollout }: NoiseSource, step: number, token: number): number {
  const words = new Uint32Array(4);
  const counter = Uint32Array.of(Math.floor(token / 4), step, PURPOSE_CODES[purpose], rollout);
  philox4x32(counter, Uint32Array.of(seed, group), words);
  return -Math.log(-Math.log((words[token % 4]! + 0.5) / 2 ** 32));
}

function source(seed: number): NoiseSource {
  return { seed, group: 2, purpose: "synthesis", rollout: 5 };
}

function noiseAt(from: NoiseSource, step: number, row = 0): RowNoise {
  const noise = new RowNoise(from, row);
  noise.setStep(step);
  return noise;
}

describe.each(SAMPLINGS)("T $temperature, top-k $topK, top-p $topP", (sampling) => {
  test("draws the best noisy score among the kept tokens, and leads by its margin", () => {
    for (let seed = 0; seed < 40; seed++) {
      const logits = madeUpLogits(300, seed);
      const kept = [...oracleKept(logits, sampling).keys()];
      const scores = kept
        .map((token) => ({
          token,
          score: logits[token]! / sampling.temperature + oracleGumbel(source(seed), seed, token),
        }))
        .sort((a, b) => b.score - a.score);
      const draw = new Sampler(300).draw(logits, sampling, noiseAt(source(seed), seed));
      expect(draw.token).toBe(scores[0]!.token);
      if (scores.length === 1) expect(draw.margin).toBeNull();
      else expect(draw.margin).toBeCloseTo(scores[0]!.score - scores[1]!.score, 9);
    }
  });

  test("follows the truncated distribution (chi-square)", () => {
    const logits = madeUpLogits(40, 1);
    const expected = oracleKept(logits, sampling);
    const draws = 4000;
    const counts = new Map<number, number>();
    const sampler = new Sampler(40);
    for (let seed = 0; seed < draws; seed++) {
      const { token } = sampler.draw(logits, sampling, noiseAt(source(seed), 0));
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    expectDistribution(counts, expected, draws);
  });
});

test("log-probability and entropy are those at temperature 1, untruncated, whatever the sampling", () => {
  const logits = madeUpLogits(500, 3);
  const probabilities = softmax([...logits]);
  const entropy = -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0);
  for (const sampling of [...SAMPLINGS, { temperature: 0, topK: null, topP: null }]) {
    const draw = new Sampler(500).draw(logits, sampling, noiseAt(source(8), 1));
    expect(draw.logprob).toBeCloseTo(Math.log(probabilities[draw.token]!), 9);
    expect(draw.entropy).toBeCloseTo(entropy, 9);
  }
});

test("greedy takes the largest logit, the lower token in a tie, and leads by the difference", () => {
  const greedy: Sampling = { temperature: 0, topK: null, topP: null };
  const draw = (logits: number[]) =>
    new Sampler(logits.length).draw(Float32Array.from(logits), greedy, noiseAt(source(1), 0));
  expect(draw([1, 4, 2.5, 3])).toMatchObject({ token: 1, margin: 1 });
  expect(draw([5, 4, 4.5])).toMatchObject({ token: 0, margin: 0.5 });
  expect(draw([2, 7, 7])).toMatchObject({ token: 1, margin: 0 });
});

test("equal logits are kept from the lowest token on", () => {
  const logits = new Float32Array(50).fill(1);
  const tokens = new Set<number>();
  for (let seed = 0; seed < 300; seed++) {
    tokens.add(new Sampler(50).draw(logits, { temperature: 1, topK: 3, topP: null }, noiseAt(source(seed), 0)).token);
  }
  expect([...tokens].sort((a, b) => a - b)).toEqual([0, 1, 2]);
});

test("a masked token (−∞) is never drawn and does not spoil the entropy", () => {
  const logits = Float32Array.of(-Infinity, 0, 0, -Infinity);
  for (let seed = 0; seed < 50; seed++) {
    const draw = new Sampler(4).draw(logits, SAMPLINGS[0]!, noiseAt(source(seed), 0));
    expect([1, 2]).toContain(draw.token);
    expect(draw.entropy).toBeCloseTo(Math.LN2, 12);
  }
  const only = Float32Array.of(-Infinity, 3, -Infinity);
  for (const temperature of [0, 1]) {
    const draw = new Sampler(3).draw(only, { temperature, topK: null, topP: null }, noiseAt(source(1), 0));
    expect(draw).toMatchObject({ token: 1, margin: null });
  }
});

test("numbers that are none are an error, not a token", () => {
  const logits = Float32Array.of(0, NaN, 1);
  expect(() => new Sampler(3).draw(logits, SAMPLINGS[0]!, noiseAt(source(1), 0))).toThrow(/Try another device/);
});

test("noise depends on its name only: row r of a request is rollout + r, and the order of asking is free", () => {
  const row3 = noiseAt(source(9), 4, 3);
  const same = noiseAt({ ...source(9), rollout: 8 }, 4);
  const backwards = [900, 17, 16, 3].map((token) => same.uniform(token));
  expect([900, 17, 16, 3].map((token) => row3.uniform(token))).toEqual(backwards);
  const others: NoiseSource[] = [
    { ...source(9), seed: 10 },
    { ...source(9), group: 3 },
    { ...source(9), purpose: "rubric" },
    { ...source(9), rollout: 6 },
  ];
  for (const other of others) expect(noiseAt(other, 4, 3).uniform(17)).not.toBe(row3.uniform(17));
  expect(noiseAt(source(9), 5, 3).uniform(17)).not.toBe(row3.uniform(17));
});

test("a new step has new noise, also for the token asked last", () => {
  const noise = noiseAt(source(9), 0);
  const before = noise.uniform(5);
  noise.setStep(1);
  expect(noise.uniform(5)).not.toBe(before);
  expect(noise.uniform(5)).toBe(noiseAt(source(9), 1).uniform(5));
});

test("the largest Gumbel variate is that of the largest word", () => {
  expect(LARGEST_GUMBEL).toBeCloseTo(-Math.log(-Math.log((2 ** 32 - 0.5) / 2 ** 32)), 6);
});
