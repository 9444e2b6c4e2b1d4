/** @file A step of CaT-RL with a scripted policy: what is learnt from, in which order, under which chance. What learning does is the trainer's (trainer.test.ts). */
import { expect, test } from "vitest";
import type { LanguageModel } from "../../src/cat/models.ts";
import type { Task } from "../../src/cat/types.ts";
import type { RunEvent } from "../../src/run/event.ts";
import type { TrainGroup } from "../../src/train/batch.ts";
import { type CatRlOptions, catRlStep } from "../../src/train/cat-rl.ts";
import type { StepStatistics } from "../../src/train/trainer.ts";
import { scripted } from "../scripted.ts";

const OPTIONS: CatRlOptions = {
  ...{ groupSize: 4, tasksPerStep: 3, seed: 1, maxTokens: 32, now: () => 0 },
  sampling: { temperature: 1, topK: null, topP: null },
};

const STATISTICS: StepStatistics = {
  ...{ loss: 0.1, kl: null, gradNorm: 1, clipFraction: 0, ms: 5 },
  ...{ rewardMean: 0.5, rewardStd: 0.5, fracRewardZeroStd: 0, entropy: 0.5, meanTokens: 3 },
};

const TASKS = Array.from({ length: 5 }, (_, k): Task => ({ id: `t-${k}`, prompt: `Problem ${k}.`, kind: "math" }));

/** Of problem k, rollouts 0 and 1 say k, the others 9; the anchor says k. */
const policy = scripted({
  promptSet: "kitten",
  answer: (prompt, row) => {
    const problem = /(?:Problem|of) (\d)/.exec(prompt)![1]!;
    return prompt.includes("Reconcile") || row < 2 ? `of ${problem}: \\boxed{${problem}}` : `of ${problem}: \\boxed{9}`;
  },
});

async function step(number: number, options: Partial<CatRlOptions> = {}, model: LanguageModel = policy) {
  const learnt: (readonly TrainGroup[])[] = [];
  const learner = {
    step(groups: readonly TrainGroup[]) {
      learnt.push(groups);
      return Promise.resolve(STATISTICS);
    },
  };
  const roles = { policy: model, anchor: model, judge: null, runner: null };
  const encode = (rendered: string): number[] => Array.from(rendered, (character) => character.codePointAt(0)!);
  const events: RunEvent[] = [];
  for await (const event of catRlStep(number, { tasks: TASKS, roles, learner, encode }, { ...OPTIONS, ...options })) {
    events.push(event);
  }
  return { events, groups: learnt[0]!, times: learnt.length };
}

function taskOf({ prompt }: TrainGroup): string {
  return /Problem \d/.exec(String.fromCodePoint(...prompt))![0];
}

test("a step learns once, from all rollouts of its tasks with their rewards, and tells of it", async () => {
  const { events, groups, times } = await step(2);
  expect(times).toBe(1);
  expect(groups.map(({ rewards }) => rewards)).toEqual([
    [1, 1, 0, 0],
    [1, 1, 0, 0],
    [1, 1, 0, 0],
  ]);
  for (const { rollouts } of groups) {
    expect(rollouts).toHaveLength(4);
    for (const { tokenIds, logprobs } of rollouts) expect(logprobs).toHaveLength(tokenIds.length);
  }
  expect(events.at(-1)).toEqual({ type: "step", step: 2, groups: [6, 7, 8], ...STATISTICS, ms: 0, checkpoint: null });
  const started = events.flatMap((event) => (event.type === "group.started" ? [[event.group, event.task.prompt]] : []));
  expect(started).toEqual(groups.map((group, k) => [6 + k, `${taskOf(group)}.`]));
  expect(events.some(({ type }) => type.endsWith(".delta"))).toBe(false);
});

test("every task has its turn before any comes again, in an order that the seed names", async () => {
  const asked = async (seed: number) => {
    const steps = [];
    for (let number = 0; number < 5; number++) steps.push(...(await step(number, { seed })).groups.map(taskOf));
    return steps;
  };
  const first = await asked(1);
  for (const epoch of [first.slice(0, 5), first.slice(5, 10), first.slice(10)]) {
    expect(epoch.toSorted()).toEqual(TASKS.map(({ prompt }) => prompt.slice(0, -1)));
  }
  expect(await asked(1)).toEqual(first);
  expect(await asked(2)).not.toEqual(first);
});

test("on a GPU the groups of a step run at once, and are the same", async () => {
  const alone = await step(0);
  const onGpu = { ...policy, record: { ...policy.record, device: "webgpu" as const } };
  const together = await step(0, {}, onGpu);
  expect(together.groups).toEqual(alone.groups);
  const starts = together.events.findLastIndex(({ type }) => type === "group.started");
  expect(starts).toBeLessThan(together.events.findIndex(({ type }) => type === "group.finished"));
});

test("controls: a coin for every reward, or the group's own dealt out anew", async () => {
  const rewards = async (control: "random" | "shuffled") => {
    const groups = [];
    for (let number = 0; number < 20; number++) groups.push(...(await step(number, { control })).groups);
    return groups.map((group) => group.rewards);
  };
  const [random, shuffled] = [await rewards("random"), await rewards("shuffled")];
  const heads = random.flat().filter((reward) => reward === 1).length;
  expect(random.flat().every((reward) => reward === 0 || reward === 1)).toBe(true);
  // 240 coins: three standard deviations are 23.
  expect(Math.abs(heads - 120)).toBeLessThan(24);
  for (const group of shuffled) expect(group.toSorted()).toEqual([0, 0, 1, 1]);
  const first = shuffled.filter((group) => group[0] === 1).length;
  expect(Math.abs(first - 30)).toBeLessThan(12);
  expect(await rewards("random")).toEqual(random);
});

test.each(["majority", "selfBestOfN"] as const)("the reference by %s", async (aggregator) => {
  const { events } = await step(0, { aggregator });
  const references = events.flatMap((event) => (event.type === "reference.finished" ? [event.aggregator] : []));
  expect(references).toEqual([aggregator, aggregator, aggregator]);
});

test("a group whose reference came to nothing is left out, not punished", async () => {
  const silent = scripted({ promptSet: "kitten", answer: () => "no answer" });
  const { groups } = await step(0, { aggregator: "majority" }, silent);
  expect(groups.flatMap(({ rewards }) => rewards)).toEqual(Array.from({ length: 12 }, () => null));
});

test("who stops in mid-step has learnt nothing", async () => {
  const stop = new AbortController();
  let steps = 0;
  const learner = { step: () => Promise.resolve({ ...STATISTICS, loss: ++steps }) };
  const roles = { policy, anchor: policy, judge: null, runner: null };
  const run = async () => {
    for await (const event of catRlStep(0, { tasks: TASKS, roles, learner, encode: () => [1] }, OPTIONS, stop.signal)) {
      if (event.type === "reward") stop.abort(new Error("enough"));
    }
  };
  await expect(run()).rejects.toThrow("enough");
  expect(steps).toBe(0);
});
