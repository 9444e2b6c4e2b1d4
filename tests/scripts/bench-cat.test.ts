/** @file The benchmark in processes of its own gives what one process gives. */
import { expect, test } from "vitest";
import { scoreInNode, scorePart } from "../../scripts/bench-cat.ts";
import { MODELS } from "../../scripts/embedded.ts";

test("however many processes score, the outcomes are the same", { timeout: 60_000 }, async () => {
  const settings = { domain: "sums", items: 21, rollouts: 1, seed: 1 };
  const shares: number[] = [];
  const apart = await scoreInNode(settings, (share) => shares.push(share));
  expect(apart).toEqual(await scorePart({ settings, models: MODELS }, () => undefined));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBeCloseTo(1, 10);
});
