/** @file Judges what weightSuite gave. */
import { expect } from "vitest";
import type { Said, WeightFindings } from "./weight-suite.ts";

/** Of log-probabilities, in float32: the same weights in the graph and beside it, on the same device. Kernels add up in another order. */
export const ROUNDING = { random: 1e-5, embedded: 5e-5 };

export function expectSharedGraph(found: WeightFindings): void {
  expectSame(found.policy, found.plain);
  expectSame(found.frozen, found.plain);
  expectSame(found.allChanged, found.otherPlain);
  expectSame(found.together[0], found.otherPlain);
  expectSame(found.together[1], found.plain);
  // All of these say different things.
  const texts = [found.plain, found.otherPlain, found.oneChanged].map(({ scored }) => scored.join());
  expect(new Set(texts).size).toBe(3);
}

export function expectSame(found: Said, expected: Said, rounding = ROUNDING.random): void {
  expect(tokens(found)).toEqual(tokens(expected));
  expect(difference(logprobs(found), logprobs(expected))).toBeLessThan(rounding);
  expect(difference(found.scored, expected.scored)).toBeLessThan(rounding);
  expect(difference(found.decided, expected.decided)).toBeLessThan(rounding);
}

function tokens({ rows }: Said): number[][] {
  return rows.map((row) => row.map(({ token }) => token));
}

function logprobs({ rows }: Said): number[] {
  return rows.flatMap((row) => row.map(({ logprob }) => logprob));
}

function difference(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)));
}
