/** @file What must be true of the findings of suite.ts on any device, and of those of two devices. Runs in Node. */
import { expect } from "vitest";
import type { TrainFindings } from "./suite.ts";

export function expectTrained({
  steps,
  resumed,
  sampled,
  forward,
  reopened,
  refused,
  afterRefused,
}: TrainFindings): void {
  // The sampler reads what the trainer wrote.
  for (const [i, scored] of sampled.entries()) expectClose(forward[i]!, scored, 2e-5);
  const moved = forward[1].map((logprob, i) => Math.abs(logprob - forward[0][i]!));
  expect(Math.max(...moved)).toBeGreaterThan(0.1);
  // Bit by bit: the same device, the same sums.
  expect(resumed).toEqual(steps.slice(1));
  expect(reopened).toEqual(forward[1]);
  expect(steps[1]!.loss).toBeLessThan(steps[0]!.loss);
  expect(refused).toMatch(/^The gradient has the norm NaN/);
  expect(afterRefused).toEqual(forward[1]);
}

export function expectSameTraining(found: TrainFindings, expected: TrainFindings): void {
  for (const i of [0, 1]) expectClose(found.forward[i]!, expected.forward[i]!, i === 0 ? 2e-5 : 2e-3);
  for (const [i, step] of expected.steps.entries()) {
    for (const [name, value] of Object.entries(step)) {
      const other = found.steps[i]![name as keyof typeof step];
      // What is rounded otherwise at first is multiplied by every update.
      expect(Math.abs(other! - value!), `${name} of step ${i}`).toBeLessThanOrEqual(
        2e-3 * Math.max(1, Math.abs(value!)),
      );
    }
  }
}

export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, most: number): void {
  expect(found.length).toBe(expected.length);
  expect(found.length).toBeGreaterThan(0);
  for (let i = 0; i < found.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), `at ${i}`).toBeLessThanOrEqual(most);
}
