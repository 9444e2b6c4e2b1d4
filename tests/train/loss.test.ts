/** @file The gradient of the whole loss along random directions, and the loss itself against the same in plain numbers. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import type { Feeds } from "../../src/engine/ort.ts";
import { differences } from "./differences.ts";
import { openPolicy, type Policy } from "./fixture.ts";
import { normal } from "../engine/normal.ts";
import { type Arrays, type WholeLoss, wholeLoss } from "./whole-loss.ts";

const runtime = await nodeRuntime();
let policy: Policy;
let whole: WholeLoss;
let start: Feeds;

beforeAll(async () => {
  policy = await openPolicy(runtime);
  whole = await wholeLoss(policy);
  start = policy.initialPolicy.feeds();
});

afterAll(async () => {
  await whole.release();
  await policy.dispose();
});

function moved(direction: Arrays, step: number): Feeds {
  return Object.fromEntries(
    Object.entries(start).map(([name, tensor]) => {
      const data = (tensor.data as Float32Array).map((value, i) => value + step * direction[name]![i]!);
      return [name, new runtime.ort.Tensor("float32", data, tensor.dims)];
    }),
  );
}

test("the loss is that of the scalar arithmetic", async () => {
  const { loss, exact } = await whole.at(start);
  expect(Math.abs(exact)).toBeGreaterThan(0.01);
  expect(loss).toBeCloseTo(exact, 5);
});

test("twenty random directional derivatives", async () => {
  const { gradients } = await whole.at(start);
  const size = Object.values(gradients).reduce((sum, { length }) => sum + length, 0);
  const squares = Object.values(gradients).reduce((sum, all) => all.reduce((part, g) => part + g * g, sum), 0);
  // Of a random direction of length 1.
  const usual = Math.sqrt(squares / size);
  for (let k = 0; k < 20; k++) {
    const direction = Object.fromEntries(
      Object.entries(gradients).map(([name, { length }]) => [name, normal(`${name} ${k}`, length, size ** -0.5)]),
    );
    const slope = Object.entries(gradients).reduce(
      (sum, [name, all]) => all.reduce((part, g, i) => part + g * direction[name]![i]!, sum),
      0,
    );
    const difference = await differences(async (step) => (await whole.at(moved(direction, step))).exact, 0.05);
    expect(Math.abs(slope - difference)).toBeLessThanOrEqual(1e-3 * Math.max(Math.abs(slope), usual));
  }
});
