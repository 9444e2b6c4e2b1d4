/**
 * @file What other methods would say to the same group: one answer each, told as `reference.*` events. Needs no label and gives no reward.
 * `single` is the mean over the rollouts and needs nothing; the controls that a benchmark adds are in reference/controls.ts.
 */
import type { GroupEvent } from "../run/event.ts";
import { sharesBatches } from "./concurrently.ts";
import { answerGreedily } from "./greedy.ts";
import { merged } from "./merged.ts";
import { ModelError, type Roles, type Stop } from "./models.ts";
import type { CatOptions } from "./options.ts";
import { selfBestOfN, universalSelfConsistency } from "./reference/choice.ts";
import { synthesizeExecuted } from "./reference/executed.ts";
import { finished } from "./reference/finished.ts";
import { majority, majorityOfBehaviour } from "./reference/majority.ts";
import { mutualPredictability } from "./reference/mutual-predictability.ts";
import { longestRollout, lowestPerplexity } from "./reference/selection.ts";
import { synthesizeOne } from "./reference/synthesis.ts";
import { rewardByEquivalence } from "./reward/equivalence.ts";
import { rewardByTests } from "./reward/tests.ts";
import type { Group, Reference, Reward, Task, TaskKind } from "./types.ts";

const ASKED = [
  "majority",
  "lowestPerplexity",
  "longestRollout",
  "greedy",
  "synthesisOfOne",
  "selfBestOfN",
  "universalSelfConsistency",
  "mutualPredictability",
  "synthesisExecuted",
] as const;

/** A method beside the synthesis that can be asked. */
export type OtherMethod = (typeof ASKED)[number];

/** What a method starts from. */
export interface Explored {
  readonly task: Task;
  readonly group: Group;
  readonly synthesis: Reference;
}

/** Who is asked about a task of this kind, in order: what costs nothing first. */
export function othersOf(kind: TaskKind): readonly OtherMethod[] {
  return ASKED.filter((method) => {
    if (method === "majority") return kind !== "open";
    if (method === "longestRollout") return kind === "open";
    return method !== "synthesisExecuted" || kind === "code";
  });
}

/**
 * Tokens of what a method starts from, before it generates any itself.
 * @param rollouts [G] tokens of each.
 * @param synthesis tokens that the anchor wrote.
 */
export function tokensBefore(method: OtherMethod | "synthesis", rollouts: readonly number[], synthesis = 0): number {
  if (method === "greedy") return 0;
  if (method === "synthesisOfOne") return rollouts[0] ?? 0;
  const all = rollouts.reduce((a, b) => a + b, 0);
  return method === "synthesisExecuted" ? all + synthesis : all;
}

/**
 * One method's answer. Its `reference.finished`, where it yields any, holds the tokens that it generated itself.
 * @returns null when it came to none.
 * @throws {ModelError} and the reason of `stop`, as what it asks does.
 */
export async function* askOther(
  method: OtherMethod,
  { task, group, synthesis }: Explored,
  { policy, anchor, runner }: Roles,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  switch (method) {
    case "majority":
      if (group.kind === "math") return majority(group);
      return runner === null ? null : await majorityOfBehaviour(group, runner, options.seed, stop);
    case "lowestPerplexity":
      return lowestPerplexity(group);
    case "longestRollout":
      return longestRollout(group);
    case "greedy":
      return yield* answerGreedily(task, policy, options, stop);
    case "synthesisOfOne":
      return yield* synthesizeOne(group, anchor, options, stop);
    case "selfBestOfN":
      return yield* selfBestOfN(group, anchor, options, stop);
    case "universalSelfConsistency":
      return yield* universalSelfConsistency(group, anchor, options, stop);
    case "mutualPredictability":
      return yield* mutualPredictability(group, anchor, options, stop);
    case "synthesisExecuted":
      return runner === null ? null : yield* synthesizeExecuted(synthesis, group, anchor, runner, options, stop);
  }
}

/**
 * All methods for the kind of the task, one after the other, or side by side where they share the model's batches; each ends with one
 * `reference.finished`, whose text is empty where it came to no answer, and which says whether it answers as the synthesis does. One
 * whose prompt is too long came to none.
 * @throws as {@link askOther}; what was yielded before stays true.
 */
export async function* askOthers(
  explored: Explored,
  roles: Roles,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent> {
  const { kind } = explored.group;
  const compared = new Map<string, Promise<boolean | null>>();
  const methods = othersOf(kind).map(asked);
  if (sharesBatches(roles.policy) && sharesBatches(roles.anchor)) yield* merged(methods);
  else for (const events of methods) yield* events;

  async function* asked(method: OtherMethod): AsyncGenerator<GroupEvent> {
    stop?.throwIfAborted();
    const start = options.now();
    const cost = { tokens: 0 };
    const answer = yield* orNone(withoutEnd(askOther(method, explored, roles, options, stop), cost));
    const end = finished(method, answer, kind, { ...cost, ms: options.now() - start });
    yield kind === "open" ? end : { ...end, agrees: answer === null ? null : await alike(answer, kind) };
  }

  /** Several methods may choose the same rollout. */
  function alike(answer: Reference, kind: "math" | "code"): Promise<boolean | null> {
    const key = `${answer.ended} ${answer.text}`;
    const before = compared.get(key) ?? answersAlike(answer, explored.synthesis, kind, roles, options, stop);
    compared.set(key, before);
    return before;
  }
}

/** Passes on all but the end, of which it counts the tokens: the caller knows more to say there. */
async function* withoutEnd(
  steps: AsyncGenerator<GroupEvent, Reference | null>,
  cost: { tokens: number },
): AsyncGenerator<GroupEvent, Reference | null> {
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return value;
      if (value.type === "reference.finished") cost.tokens += value.tokens;
      else yield value;
    }
  } finally {
    // Whoever leaves this early leaves the steps early.
    await steps.return(null);
  }
}

async function* orNone(
  steps: AsyncGenerator<GroupEvent, Reference | null>,
): AsyncGenerator<GroupEvent, Reference | null> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof ModelError && error.code === "prompt-too-long") return null;
    throw error;
  }
}

/** By the equivalence that the rewards go by, with the synthesis as reference. */
async function answersAlike(
  { text, ended }: Reference,
  synthesis: Reference,
  kind: "math" | "code",
  { runner, symbolic = null }: Roles,
  { seed }: CatOptions,
  stop?: Stop,
): Promise<boolean | null> {
  const none = { tokenIds: [], logprobs: [], entropies: [] };
  const alone: Group = { kind, rollouts: [{ index: 0, text, ended, ...none }] };
  if (kind === "code" && runner === null) return null;
  const steps =
    kind === "math"
      ? rewardByEquivalence(alone, synthesis, symbolic)
      : rewardByTests(alone, synthesis, runner!, seed, stop);
  let reward: Reward = null;
  for await (const event of steps) if (event.type === "reward") reward = event.value;
  return reward === null ? null : reward === 1;
}
