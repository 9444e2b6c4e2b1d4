/** @file What came of one item: every method's answer from the same rollouts, scored against the label. Draws no conclusions (cat.ts). */
import type { LanguageModel, Roles, Stop } from "../cat/models.ts";
import { advantages } from "../cat/grpo.ts";
import type { CatOptions } from "../cat/options.ts";
import { synthesizeExecuted } from "../cat/reference/executed.ts";
import { longestRollout, lowestPerplexity } from "../cat/reference/selection.ts";
import { synthesize, synthesizeOne, synthesizeStrangers } from "../cat/reference/synthesis.ts";
import { explore, exploreGreedily } from "../cat/rollouts.ts";
import { withoutThinking } from "../cat/thinking.ts";
import type { Aggregator, Group, Reference } from "../cat/types.ts";
import type { GroupEvent } from "../run/event.ts";
import type { Item } from "./item.ts";
import { markingFor } from "./marking.ts";
import { result } from "./result.ts";

/** A method's answer to one item. */
export interface Scored {
  /** 0 or 1; for `single` the mean over the rollouts. */
  readonly score: number;
  /** Tokens generated to get it. */
  readonly tokens: number;
}

export interface Outcome {
  readonly methods: Readonly<Partial<Record<Aggregator, Scored>>>;
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

/** The group of one item, and the policy's greedy answer beside it. */
export interface Explored {
  readonly group: Group;
  readonly greedy: Group;
}

export async function exploreItem(
  item: Item,
  policy: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): Promise<Explored> {
  const group = await result(explore(item.task, policy, options, stop));
  return { group, greedy: await result(exploreGreedily(item.task, policy, options, stop)) };
}

/** Every method on one item. @param strangers the group of another item, for the control; null for none. */
export async function scoreItem(
  item: Item,
  { group, greedy }: Explored,
  strangers: Group | null,
  { anchor, runner }: Roles,
  options: CatOptions,
  stop?: Stop,
): Promise<Outcome> {
  const marking = await markingFor(item, runner, options.seed, stop);
  const mark = async (reference: Reference | null) => (reference !== null && (await marking.right(reference)) ? 1 : 0);
  const rights: boolean[] = [];
  for (const rollout of group.rollouts) rights.push(await marking.right(rollout));
  const spent = tokens(group);
  const score = async (reference: Reference | null, extra = 0): Promise<Scored> => ({
    score: await mark(reference),
    tokens: spent + extra,
  });

  const synthesis = await written(synthesize(group, anchor, options, stop));
  const ofOne = await written(synthesizeOne(group, anchor, options, stop));
  const ofStrangers = strangers === null ? null : await written(synthesizeStrangers(strangers, anchor, options, stop));
  const executed =
    runner === null || group.kind !== "code"
      ? null
      : await written(synthesizeExecuted(synthesis.reference, group, anchor, runner, options, stop));
  const vote = await marking.majority(group);
  const mean = rights.filter(Boolean).length / rights.length;
  const methods: Outcome["methods"] = {
    single: { score: mean, tokens: spent / rights.length },
    greedy: { score: (await marking.right(greedy.rollouts[0]!)) ? 1 : 0, tokens: tokens(greedy) },
    majority: await score(vote),
    lowestPerplexity: await score(lowestPerplexity(group)),
    longestRollout: await score(longestRollout(group)),
    synthesisOfOne: { score: await mark(ofOne.reference), tokens: group.rollouts[0]!.tokenIds.length + ofOne.tokens },
    synthesis: await score(synthesis.reference, synthesis.tokens),
    ...(executed === null
      ? {}
      : { synthesisExecuted: await score(executed.reference, synthesis.tokens + executed.tokens) }),
    ...(ofStrangers === null || strangers === null
      ? {}
      : {
          synthesisOfStrangers: {
            score: await mark(ofStrangers.reference),
            tokens: tokens(strangers) + ofStrangers.tokens,
          },
        }),
    passAtG: { score: rights.some(Boolean) ? 1 : 0, tokens: spent },
  };

  const rewards = await marking.rewards(group, synthesis.reference);
  const curve = [];
  for (const g of [1, 2, 4, 8, 16].filter((g) => g <= group.rollouts.length)) {
    const part: Group = { ...group, rollouts: group.rollouts.slice(0, g) };
    const whole = g === group.rollouts.length ? synthesis : g === 1 ? ofOne : null;
    const elected = g === group.rollouts.length ? vote : await marking.majority(part);
    const { reference } = whole ?? (await written(synthesize(part, anchor, options, stop)));
    curve.push({ g, synthesis: await mark(reference), majority: await mark(elected) });
  }
  return {
    methods,
    rollouts: rights.map((isRight, i) => ({ right: isRight, reward: rewards[i]! })),
    disagrees: !(await marking.same(synthesis.reference, vote)),
    copied: group.rollouts.some((r) => withoutThinking(r.text) === synthesis.reference.text),
    curve,
    tied: advantages(rewards).every((a) => a === null || a === 0),
  };
}

function tokens({ rollouts }: Group): number {
  return rollouts.reduce((sum, r) => sum + r.tokenIds.length, 0);
}

/** A written reference with the tokens it took. */
async function written<T>(steps: AsyncGenerator<GroupEvent, T>): Promise<{ reference: T; tokens: number }> {
  let spent = 0;
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { reference: value, tokens: spent };
    if (value.type === "reference.finished") spent = value.tokens;
  }
}
