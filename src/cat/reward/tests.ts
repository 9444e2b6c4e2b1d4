/**
 * @file Verifiable reward for programs: 1 if a rollout's function does what the reference's does on the same inputs, else 0.
 * Not in the paper, whose verifiable tasks are mathematics: this is its programmatic equivalence (v3 §3.2.1) with behaviour for an answer.
 */
import type { GroupEvent } from "../../run/event.ts";
import { makeInputs } from "../../verify/code/inputs.ts";
import { compareOutcomes, gaveValue, type Outcome, type TestResult } from "../../verify/code/outcome.ts";
import { finalProgram } from "../answer.ts";
import type { CodeRunner, Stop } from "../models.ts";
import type { Group, Reference, Reward, Rollout } from "../types.ts";

interface Tested {
  readonly results: readonly TestResult[];
  readonly failure: string | null;
  readonly value: Reward;
}

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
    const { results, failure, value } = await test(rollout);
    yield { type: "tests", rollout: rollout.index, results, failure };
    yield { type: "reward", rollout: rollout.index, value };
    rewards.push(value);
  }
  return rewards;

  async function test(rollout: Rollout): Promise<Tested> {
    if (target === null) return { results: [], failure: "the reference has no function", value: null };
    if (!gaveValue(expected)) return { results: [], failure: "the reference gives no value", value: null };
    const program = finalProgram(rollout);
    if (program === null) return { results: [], failure: "no code", value: 0 };
    const actual = await runner.run(program, inputs, stop);
    const results = compareOutcomes(inputs, expected, actual);
    return { results, failure: failureOf(actual), value: results.every((r) => r.same) ? 1 : 0 };
  }
}

/** Why the function gave no value where it should have; null when it ran. */
function failureOf(outcomes: readonly Outcome[]): string | null {
  const failed = outcomes.find((o) => o.type === "failed");
  if (failed !== undefined) return failed.why;
  return gaveValue(outcomes) ? null : "threw";
}
