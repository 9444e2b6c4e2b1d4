/**
 * @file Verifiable reward for programs: 1 if a rollout's function does what the reference's does on the same inputs, else 0.
 * Not in the paper, whose verifiable tasks are mathematics: this is its programmatic equivalence (v3 §3.2.1) with behaviour for an answer.
 */
import type { GroupEvent } from "../../run/event.ts";
import { type Comparison, compareRuns, undecided } from "../../verify/code/compare.ts";
import { makeInputs } from "../../verify/code/inputs.ts";
import { gaveValue } from "../../verify/code/outcome.ts";
import { finalProgram } from "../answer.ts";
import type { CodeRunner, Stop } from "../models.ts";
import type { Group, Reference, Reward, Rollout } from "../types.ts";

/**
 * @param seed of the inputs.
 * @returns [G]; all null when the reference has no function or none that gives a value; 0 without a function in the rollout or when it was cut off.
 */
export async function* rewardByTests(
  group: Group,
  reference: Reference,
  runner: CodeRunner,
  seed: number,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  const target = finalProgram(reference);
  const inputs = target === null ? [] : makeInputs(target.parameters, seed);
  const expected = target === null ? [] : await runner.run(target, inputs, stop);
  const rewards: Reward[] = [];
  for (const rollout of group.rollouts) {
    const { results, failure, equal } = await test(rollout);
    const value = equal === null ? null : Number(equal);
    yield { type: "tests", rollout: rollout.index, results, failure };
    yield { type: "reward", rollout: rollout.index, value };
    rewards.push(value);
  }
  return rewards;

  async function test(rollout: Rollout): Promise<Comparison> {
    if (target === null) return undecided("the reference has no function");
    if (!gaveValue(expected)) return undecided("the reference gives no value");
    const program = finalProgram(rollout);
    if (program === null) return { equal: false, results: [], failure: "no code" };
    return compareRuns(inputs, expected, await runner.run(program, inputs, stop));
  }
}
