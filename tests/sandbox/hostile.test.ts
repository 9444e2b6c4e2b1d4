/** @file Hostile programs in Node: right verdicts on those that cannot end the process. What they reach is no claim of this runner's; see tests/browser/hostile.test.ts. */
import { afterAll, expect, test } from "vitest";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { HOSTILE, judgeHostile, SUMS } from "../../scripts/hostile.ts";

const runner = createNodeRunner(500);
afterAll(() => runner.dispose());

test.each(HOSTILE.filter(({ node }) => node))("$id ($tries)", async (hostile) => {
  const { equal, failure, results } = await judgeHostile(hostile, runner, "http://127.0.0.1:9/");
  expect(results.map(({ expected }) => expected)).toEqual(SUMS);
  expect({ equal, failure }).toEqual({ equal: hostile.equal, failure: expect.toBeOneOf([hostile.failure].flat()) as string }); // prettier-ignore
});
