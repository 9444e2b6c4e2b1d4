/** @file A training of kitten in Node, a few small steps: evaluations beside them, and that no label finds its way into a step. */
import { afterAll, expect, test, vi } from "vitest";
import { HeldOut } from "../../src/bench/held-out.ts";
import type { Item } from "../../src/bench/item.ts";
import type { Task } from "../../src/cat/types.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { createTrainee } from "../../src/lab/trainee.ts";
import type { TrainingSettings } from "../../src/lab/protocol.ts";
import { evaluateStart, grpoSettings, trainingSteps } from "../../src/lab/training.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { kittenFiles } from "../engine/kitten.ts";

// Two models run in these, on whatever cores are left.
vi.setConfig({ testTimeout: 60_000 });

const SETTINGS: TrainingSettings = {
  ...{ seed: 1, rollouts: 4, tasks: 2, kl: 0.01, learningRate: 1e-4, evaluateEvery: 2 },
  ...{ aggregator: "synthesis", rubricFrom: "reference", anchor: "frozen", reward: "cat", lengthPenalty: null },
};

const TASKS = [
  "Sam has 18 beads. He loses 2. How many beads does he have now?",
  "Zoe has 10 pens. She doubles the pile. She gives away 9. How many pens does she have now?",
  "Mia has 4 apples and buys 3 bags of 4. How many apples does she have now?",
].map((prompt): Task => ({ id: prompt, prompt, kind: "math" }));

const runner = createNodeRunner();
afterAll(() => runner.dispose());

/** What a training of three steps says, with these answers in the key. */
async function train(answers: readonly string[]): Promise<RunEvent[]> {
  const { files, entry } = await kittenFiles("kitten");
  const trainee = await createTrainee(await nodeRuntime(), files, entry, grpoSettings(SETTINGS));
  const items = answers.map((answer, k): Item => ({
    task: { id: `t-${k}`, prompt: `Problem ${k}.`, kind: "math" },
    label: { answer, slip: 0, misread: 0 },
  }));
  const { sampling } = trainee;
  const heldOut = new HeldOut(items, runner, { groupSize: 2, seed: 1, sampling, maxTokens: 8, now: () => 0 });
  const parts = { trainee, judge: null, runner, tasks: TASKS, heldOut };
  const events: RunEvent[] = [];
  for await (const event of evaluateStart(parts)) events.push(event);
  for await (const event of trainingSteps(parts, SETTINGS, { from: 0, to: 3 })) events.push(event);
  await trainee.dispose();
  return events;
}

/** All that a step says but its times. */
function steps(events: readonly RunEvent[]): unknown[] {
  return events
    .filter(({ type }) => type !== "evaluation")
    .map((event) => JSON.parse(JSON.stringify(event, (key, value: unknown) => (key === "ms" ? 0 : value))) as unknown);
}

test("an evaluation of the start by four ways, then every few steps and at the end", async () => {
  const events = await train(["1", "2"]);
  const evaluations = events.flatMap((event) => (event.type === "evaluation" ? [event] : []));
  expect(evaluations.map(({ step, aggregator = "single" }) => `${step} ${aggregator}`)).toEqual([
    ...["0 single", "0 greedy", "0 majority", "0 synthesis"],
    ...["2 single", "3 single"],
  ]);
  const made = events.flatMap((event) => (event.type === "step" ? [event] : []));
  expect(made.map(({ step, groups }) => [step, groups])).toEqual([
    [0, [0, 1]],
    [1, [2, 3]],
    [2, [4, 5]],
  ]);
});

test("other labels change no step: nothing of the key is learnt from", async () => {
  const [ones, others] = [await train(["1", "2"]), await train(["77", "\\frac{1}{2}"])];
  expect(steps(others)).toEqual(steps(ones));
  const norms = ones.flatMap((event) => (event.type === "step" ? [event.gradNorm] : []));
  expect(Math.min(...norms)).toBeGreaterThan(0);
});
