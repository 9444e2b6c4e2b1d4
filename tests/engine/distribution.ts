/** @file Does what was drawn follow the distribution that it claims to? */
import { expect } from "vitest";

/** Pearson's chi-square test. @param expected probabilities of all that may be drawn */
export function expectDistribution(
  counts: ReadonlyMap<number, number>,
  expected: ReadonlyMap<number, number>,
  draws: number,
): void {
  expect([...counts.keys()].filter((token) => !expected.has(token))).toEqual([]);
  // Cells with at least 5 expected draws, the others joined.
  const cells = [...expected].map(([token, p]) => ({ found: counts.get(token) ?? 0, expected: p * draws }));
  const large = cells.filter((cell) => cell.expected >= 5);
  const rest = cells.filter((cell) => cell.expected < 5);
  const joined = rest.reduce((a, b) => ({ found: a.found + b.found, expected: a.expected + b.expected }), {
    found: 0,
    expected: 0,
  });
  if (joined.expected >= 5) large.push(joined);
  const chiSquare = large.reduce((sum, cell) => sum + (cell.found - cell.expected) ** 2 / cell.expected, 0);
  // Mean of chi-square is its degrees of freedom, deviation √(2 × that); the seeds are fixed, so this never flickers.
  const freedom = large.length - 1;
  expect(chiSquare).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom) + 1e-9);
}
