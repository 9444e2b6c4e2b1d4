/** @file Judges what engineSuite gave: each device against itself, and against Node. */
import { expect } from "vitest";
import type { SampledToken } from "../../src/cat/models.ts";
import type { CaseName, SuiteResult } from "./suite.ts";

/** Devices round differently: where the lead of a draw is smaller than this, they may choose differently. */
const NEAR_TIE = 1e-3;
/** Entropy in nats below which eight rows need not differ. */
const SURE = 0.1;

/** Of rows in a batch against the same rows by themselves. */
const SAME_LOGPROB = 1e-4;
const SAME_ROWS = 0.95;

/** Chance must not depend on the batch: four rows are the first of eight, and a row alone is the row in the batch. */
export function expectBatchIndependence({ cases, seeds, judged }: SuiteResult): void {
  for (const [i, cell] of judged.alone.entries()) {
    for (const [j, p] of cell.entries())
      expect(Math.abs(Math.log(judged.together[i]![j]!) - Math.log(p))).toBeLessThan(SAME_LOGPROB);
  }
  for (const rows of [seeds.together, seeds.overlapping]) {
    const identical = seeds.alone.filter((row, index) => {
      expectSameRow(rows[index]!, row, SAME_LOGPROB);
      return row.every(({ token }, step) => rows[index]![step]!.token === token);
    });
    expect(identical.length / seeds.alone.length).toBeGreaterThanOrEqual(SAME_ROWS);
  }
  cases.four.forEach((row, index) => {
    expectSameRow(row, cases.eight[index]!);
  });
  expectSameRow(cases.fifthAlone[0]!, cases.eight[5]!);
  cases.digits.forEach((row, index) => {
    expectSameRow(cases.digitsBesideFree[index]!, row);
    expect(row.map(({ text }) => text).join("")).toMatch(/^\d*$/);
  });
  // A judge that is sure says the same in every row.
  const sure = cases.eight.every((row) => row.every(({ entropy }) => entropy < SURE));
  expect(new Set(cases.eight.map((row) => row.map(({ token }) => token).join())).size > 1).toBe(!sure);
}

export function expectAgreement(found: SuiteResult, node: SuiteResult): void {
  for (const name of Object.keys(node.cases) as CaseName[]) {
    node.cases[name].forEach((row, index) => {
      expectSameRow(found.cases[name][index]!, row);
    });
  }
  found.decided.flat().forEach((probability, index) => {
    expect(probability).toBeCloseTo(node.decided.flat()[index]!, 4);
  });
  found.judged.together.flat().forEach((probability, index) => {
    expect(probability).toBeCloseTo(node.judged.together.flat()[index]!, 4);
  });
  node.scored.forEach(({ tokenIds, logprobs, top }, index) => {
    top?.forEach((likely, place) => {
      const other = found.scored[index]!.top![place]!;
      // Of near ties either may come first.
      for (const [rank, { logprob }] of likely.entries())
        expect(Math.abs(other[rank]!.logprob - logprob)).toBeLessThan(1e-3);
    });
    expect(found.scored[index]!.tokenIds).toEqual(tokenIds);
    found.scored[index]!.logprobs.forEach((logprob, place) => {
      expect(Math.abs(logprob - logprobs[place]!), `token ${place} of text ${index}`).toBeLessThan(1e-3);
    });
  });
}

/** Identical, or the first difference lies in a near tie, after which nothing can be said. */
export function expectSameRow(
  found: readonly SampledToken[],
  expected: readonly SampledToken[],
  tolerance = 1e-3,
): void {
  for (const [step, token] of expected.entries()) {
    const other = found[step];
    if (other?.token !== token.token) {
      expect(token.margin, `step ${step}: ${other?.token} instead of ${token.token}`).toBeLessThan(NEAR_TIE);
      return;
    }
    expect(Math.abs(other.logprob - token.logprob)).toBeLessThan(tolerance);
    expect(Math.abs(other.entropy - token.entropy)).toBeLessThan(tolerance);
    expect(other.ended).toBe(token.ended);
  }
  expect(found.length).toBe(expected.length);
}
