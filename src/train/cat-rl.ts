/**
 * @file CaT-RL (arXiv 2509.14234 v3 §3.3, v1 Algorithm 1), one step: rollouts of several tasks, a reference for each by the anchor, rewards by
 * agreement with it, and GRPO on them. There is no label here and no way to one: tasks have none, and this folder may not import bench.
 * Leaves out when to stop, and how good the policy becomes.
 */
import { sharesBatches } from "../cat/concurrently.ts";
import type { Roles, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import { runCat } from "../cat/pipeline.ts";
import type { Reward, Rollout, Task } from "../cat/types.ts";
import type { GroupEvent, RunEvent } from "../run/event.ts";
import { inGroup } from "../run/record.ts";
import type { TrainGroup } from "./batch.ts";
import { merged } from "../cat/merged.ts";
import { tasksOfStep } from "./task-order.ts";
import type { StepStatistics } from "./trainer.ts";

/** Who learns; `GrpoTrainer` fits. */
export interface Learner {
  step(groups: readonly TrainGroup[]): Promise<StepStatistics>;
}

export interface CatRl {
  /** Label-free. */
  readonly tasks: readonly Task[];
  /** The policy samples from what the learner changes; the anchor is what the policy was, or the policy itself. */
  readonly roles: Roles;
  readonly learner: Learner;
  /** The policy's tokens of a rendered prompt. */
  readonly encode: (rendered: string) => readonly number[];
}

export interface CatRlOptions extends Omit<CatOptions, "group" | "others" | "sources"> {
  readonly tasksPerStep: number;
}

/**
 * @param step from 0; names the tasks and, with the seed, all chance
 * @returns the events of its groups, without deltas, and its `step` event at last
 * @throws {ModelError} as models and learner; the reason of `stop`, before the policy is changed
 */
export async function* catRlStep(
  step: number,
  { tasks, roles, learner, encode }: CatRl,
  { tasksPerStep, ...options }: CatRlOptions,
  stop?: Stop,
): AsyncGenerator<RunEvent> {
  const start = options.now();
  const chosen = tasksOfStep(tasks, step, tasksPerStep, options.seed).map((task, k) => {
    const group = step * tasksPerStep + k;
    const said = new Said();
    const events = said.noting(runCat(task, roles, { ...options, group }, stop));
    return { group, said, events: inGroup(group, events) };
  });
  const streams = chosen.map(({ events }) => events);
  if (sharesBatches(roles.policy)) yield* merged(streams);
  else for (const events of streams) yield* events;
  stop?.throwIfAborted();
  const groups = chosen.map(({ said }) => said.group(encode));
  const { ms: _, ...statistics } = await learner.step(groups);
  const numbers = chosen.map(({ group }) => group);
  yield { type: "step", step, groups: numbers, ...statistics, ms: options.now() - start, checkpoint: null };
}

/** What of a group's events is learnt from. */
class Said {
  #prompt = "";
  readonly #rollouts: Rollout[] = [];
  readonly #rewards: Reward[] = [];

  /** Passes on all events that are no deltas: thousands of rollouts are kept. */
  async *noting(events: AsyncIterable<GroupEvent>): AsyncGenerator<GroupEvent> {
    for await (const event of events) {
      if (event.type === "prompt.sent" && event.purpose === "rollout") this.#prompt = event.rendered;
      else if (event.type === "rollout.finished") this.#rollouts[event.rollout] = { index: event.rollout, ...event };
      else if (event.type === "reward") this.#rewards[event.rollout] = event.value;
      if (!event.type.endsWith(".delta")) yield event;
    }
  }

  group(encode: CatRl["encode"]): TrainGroup {
    return { prompt: encode(this.#prompt), rollouts: this.#rollouts, rewards: this.#rewards };
  }
}
