/** @file What AdamW must give: the same in double precision, written from the paper (Loshchilov and Hutter, Algorithm 2). */
import { expect } from "vitest";
import { ADAMW, type AdamWFindings, gradientsAt, RUNS, seen, startOf, WEIGHTS } from "./adamw-suite.ts";
import { expectClose } from "./judge-suite.ts";

const RATES = [0.05, 0.1, 0.1];

export function expectAdamW(found: AdamWFindings): void {
  const weights = WEIGHTS.map((input) => Float64Array.from(startOf(input)));
  const [m, v] = [0, 1].map(() => weights.map(({ length }) => new Float64Array(length)));
  for (const [i, runs] of RUNS.entries()) {
    const parts = Array.from({ length: runs }, (_, run) => gradientsAt(i + 1, run));
    const sums = WEIGHTS.map(({ name }, k) =>
      weights[k]!.map((_, j) => parts.reduce((sum, part) => sum + part[name]![j]!, 0)),
    );
    const norm = Math.sqrt(sums.reduce((all, sum) => sum.reduce((part, g) => part + g * g, all), 0));
    expect(found.norms[i]! / norm).toBeCloseTo(1, 5);
    // One of the three is left as it is.
    expect(norm < ADAMW.maxGradNorm).toBe(i === 0);
    const scale = Math.min(1, ADAMW.maxGradNorm / norm);
    for (const [k, sum] of sums.entries()) {
      const decay = WEIGHTS[k]!.dims.length > 1 ? ADAMW.weightDecay : 0;
      for (const [j, g] of sum.entries()) {
        m![k]![j] = 0.9 * m![k]![j]! + 0.1 * g * scale;
        v![k]![j] = 0.999 * v![k]![j]! + 0.001 * (g * scale) ** 2;
        const step = m![k]![j] / (1 - 0.9 ** (i + 1)) / (Math.sqrt(v![k]![j] / (1 - 0.999 ** (i + 1))) + 1e-8);
        weights[k]![j]! -= RATES[i]! * (step + decay * weights[k]![j]!);
      }
    }
  }
  for (const [k, { name }] of WEIGHTS.entries()) {
    expectClose(found.weights[name]!, seen(weights[k]!), 5e-6);
    expectClose(found.first[name]!, seen(m![k]!), 1e-7);
    expectClose(found.second[name]!, seen(v![k]!), 1e-8);
  }
}
