/** @file Helpers of the core's tests: a whole run in Node with scripted models. */
import type { CodeRunner, LanguageModel, Stop } from "../../src/cat/models.ts";
import { runCat } from "../../src/cat/pipeline.ts";
import type { CatOptions } from "../../src/cat/options.ts";
import type { Group, Rollout, Task, TaskKind } from "../../src/cat/types.ts";
import type { GroupEvent, LoggedEvent, RunHeader } from "../../src/run/event.ts";
import { inGroup, recordRun } from "../../src/run/record.ts";

export const options = {
  seed: 1,
  group: 0,
  groupSize: 4,
  sampling: { temperature: 1, topK: null, topP: null },
  maxTokens: 64,
  now: () => performance.now(),
};

export const task: Task = { id: null, prompt: "Mia has 4 apples and buys 3 bags of 4. How many now?", kind: "math" };

export function header(policy: LanguageModel, groupSize = options.groupSize): RunHeader {
  return {
    app: "CaT Lab test",
    startedAt: "2026-11-22T00:00:00.000Z",
    kind: "demo",
    seed: options.seed,
    groupSize,
    domain: "sums",
    item: null,
    sampling: { ...options.sampling, maxTokens: options.maxTokens },
    models: { policy: policy.record, anchor: policy.record, judge: null },
    judgeIndependent: false,
    adapter: null,
  };
}

export interface Cast {
  readonly policy: LanguageModel;
  readonly anchor?: LanguageModel;
  readonly judge?: LanguageModel;
  readonly runner?: CodeRunner;
}

/** The whole log of one run. */
export async function runToEnd(
  { policy, anchor = policy, judge, runner }: Cast,
  { task: asked = task, stop, ...told }: Partial<CatOptions> & { task?: Task; stop?: Stop } = {},
): Promise<LoggedEvent[]> {
  const roles = { policy, anchor, judge: judge ?? null, runner: runner ?? null };
  const { groupSize } = { ...options, ...told };
  const events = inGroup(0, runCat(asked, roles, { ...options, ...told }, stop));
  const log: LoggedEvent[] = [];
  for await (const event of recordRun(header(policy, groupSize), events, options.now, stop)) log.push(event);
  return log;
}

/** Every event of one type. */
export function of<T extends LoggedEvent["type"]>(log: readonly LoggedEvent[], type: T) {
  return log.filter((e): e is Extract<LoggedEvent, { type: T }> => e.type === type);
}

/** A step of the method run to its end: what it said and what it returned. */
export async function toEnd<T>(
  steps: Generator<GroupEvent, T> | AsyncGenerator<GroupEvent, T>,
): Promise<{ events: GroupEvent[]; value: T }> {
  const events: GroupEvent[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { events, value };
    events.push(value);
  }
}

/** A group of such texts, each as many tokens as it has words. */
export function groupOf(kind: TaskKind, ...texts: string[]): Group {
  const rollouts = texts.map((text, index): Rollout => {
    const tokens = text.split(/\s+/).map(() => 0);
    return { index, text, ended: "stop", tokenIds: tokens, logprobs: tokens.map(() => -1), entropies: tokens };
  });
  return { kind, rollouts };
}
