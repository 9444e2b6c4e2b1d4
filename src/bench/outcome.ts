/** @file What came of one item with one right answer: every method marked against the label, and the rewards. Draws no conclusions (accuracy.ts). */
import { advantages } from "../cat/grpo.ts";
import type { Roles, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import { withoutThinking } from "../cat/thinking.ts";
import type { Aggregator, Group, Reference } from "../cat/types.ts";
import type { AnswerItem } from "./item.ts";
import { markingFor } from "./marking.ts";
import { tokensOf } from "./methods/candidate.ts";
import { candidates } from "./methods/candidates.ts";
import type { MethodScores, Scored } from "./summary.ts";

export interface Outcome {
  /** Scores are 0 or 1; for `single` the mean over the rollouts. */
  readonly methods: MethodScores;
  /** Per rollout: was it right, and what reward did the reference give it? */
  readonly rollouts: readonly { readonly right: boolean; readonly reward: number | null }[];
  /** Synthesis and vote came to different answers. */
  readonly disagrees: boolean;
  /** The reference equals a rollout, word for word. */
  readonly copied: boolean;
  /** Synthesis and vote given the first g rollouts. */
  readonly curve: readonly { readonly g: number; readonly synthesis: number; readonly majority: number }[];
  /** The group gave no learning signal. */
  readonly tied: boolean;
}

/** Every method on one item. @param strangers the group of another item, for the control; null for none. */
export async function scoreItem(
  item: AnswerItem,
  explored: { readonly group: Group; readonly strangers: Group | null },
  roles: Roles,
  options: CatOptions,
  stop?: Stop,
): Promise<Outcome> {
  const { group } = explored;
  const marking = await markingFor(item, roles.runner, options.seed, stop);
  const mark = async (reference: Reference | null) => (reference !== null && (await marking.right(reference)) ? 1 : 0);
  const rights: boolean[] = [];
  for (const rollout of group.rollouts) rights.push(await marking.right(rollout));

  const { methods, synthesis, growing } = await candidates(item.task, explored, roles, options, stop);
  const vote = methods.majority?.reference ?? null;
  const spent = tokensOf(group);
  const scores: Partial<Record<Aggregator, Scored>> = {
    single: { score: rights.filter(Boolean).length / rights.length, tokens: spent / rights.length },
    passAtG: { score: rights.some(Boolean) ? 1 : 0, tokens: spent },
  };
  for (const [name, { reference, tokens }] of Object.entries(methods)) {
    scores[name as Aggregator] = { score: await mark(reference), tokens };
  }

  const rewards = await marking.rewards(group, synthesis.reference);
  const curve = [];
  for (const { part, reference } of growing) {
    const elected = part.rollouts.length === group.rollouts.length ? vote : await marking.majority(part);
    curve.push({ g: part.rollouts.length, synthesis: await mark(reference), majority: await mark(elected) });
  }
  return {
    methods: scores,
    rollouts: rights.map((right, i) => ({ right, reward: rewards[i]! })),
    disagrees: !(await marking.same(synthesis.reference, vote)),
    copied: group.rollouts.some((r) => withoutThinking(r.text) === synthesis.reference.text),
    curve,
    tied: advantages(rewards).every((a) => a === null || a === 0),
  };
}
