/** @file The rollouts of one item, from which every method starts. */
import type { LanguageModel, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import { explore, exploreGreedily } from "../cat/rollouts.ts";
import type { Group, Task } from "../cat/types.ts";
import { result } from "./result.ts";

export interface Explored {
  readonly group: Group;
  /** The policy's greedy answer, a group of one. */
  readonly greedy: Group;
}

export async function exploreTask(
  task: Task,
  policy: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): Promise<Explored> {
  const group = await result(explore(task, policy, options, stop));
  return { group, greedy: await result(exploreGreedily(task, policy, options, stop)) };
}
