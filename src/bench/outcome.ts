/** @file What came of one item: every method's answer from the same rollouts, scored against the label. Draws no conclusions (cat-table.ts). */
import type { LanguageModel, Stop } from "../cat/models.ts";
import { finalAnswer } from "../cat/answer.ts";
import { advantages } from "../cat/grpo.ts";
import type { CatOptions } from "../cat/options.ts";
import { majority } from "../cat/reference/majority.ts";
import { longestRollout, lowestPerplexity } from "../cat/reference/selection.ts";
import { synthesize, synthesizeOne, synthesizeStrangers } from "../cat/reference/synthesis.ts";
import { rewardByEquivalence } from "../cat/reward/equivalence.ts";
import { explore, exploreGreedily } from "../cat/rollouts.ts";
import { withoutThinking } from "../cat/thinking.ts";
import type { Aggregator, Group, Reference } from "../cat/types.ts";
import { sameAnswer } from "../verify/math/equivalent.ts";
import type { Item } from "./item.ts";

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
  { label }: Item,
  { group, greedy }: Explored,
  strangers: Group | null,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): Promise<Outcome> {
  const right = (written: Written) => {
    const answer = finalAnswer(written);
    return answer !== null && sameAnswer(answer, label.answer).equal === true;
  };
  const rights = group.rollouts.map((r) => right(r));
  const spent = tokens(group);
  const score = (reference: Reference | null, extra = 0): Scored => ({
    score: reference !== null && right(reference) ? 1 : 0,
    tokens: spent + extra,
  });

  const synthesis = await written(synthesize(group, anchor, options, stop));
  const ofOne = await written(synthesizeOne(group, anchor, options, stop));
  const ofStrangers = strangers === null ? null : await written(synthesizeStrangers(strangers, anchor, options, stop));
  const vote = majority(group);
  const mean = rights.filter(Boolean).length / rights.length;
  const methods: Outcome["methods"] = {
    single: { score: mean, tokens: spent / rights.length },
    greedy: { score: right(greedy.rollouts[0]!) ? 1 : 0, tokens: tokens(greedy) },
    majority: score(vote),
    lowestPerplexity: score(lowestPerplexity(group)),
    longestRollout: score(longestRollout(group)),
    synthesisOfOne: {
      score: right(ofOne.reference) ? 1 : 0,
      tokens: group.rollouts[0]!.tokenIds.length + ofOne.tokens,
    },
    synthesis: score(synthesis.reference, synthesis.tokens),
    ...(ofStrangers === null || strangers === null
      ? {}
      : {
          synthesisOfStrangers: {
            score: right(ofStrangers.reference) ? 1 : 0,
            tokens: tokens(strangers) + ofStrangers.tokens,
          },
        }),
    passAtG: { score: rights.some(Boolean) ? 1 : 0, tokens: spent },
  };

  const rewards = resultNow(rewardByEquivalence(group, synthesis.reference));
  const curve = [];
  for (const g of [1, 2, 4, 8, 16].filter((g) => g <= group.rollouts.length)) {
    const part: Group = { ...group, rollouts: group.rollouts.slice(0, g) };
    const whole = g === group.rollouts.length ? synthesis : g === 1 ? ofOne : null;
    const { reference } = whole ?? (await written(synthesize(part, anchor, options, stop)));
    const elected = majority(part);
    curve.push({
      g,
      synthesis: right(reference) ? 1 : 0,
      majority: elected !== null && right(elected) ? 1 : 0,
    });
  }
  return {
    methods,
    rollouts: rights.map((isRight, i) => ({ right: isRight, reward: rewards[i]! })),
    disagrees: !sameReference(synthesis.reference, vote),
    copied: group.rollouts.some((r) => withoutThinking(r.text) === synthesis.reference.text),
    curve,
    tied: advantages(rewards).every((a) => a === null || a === 0),
  };
}

/** A rollout or a reference. */
type Written = Parameters<typeof finalAnswer>[0];

function sameReference(a: Reference, b: Reference | null): boolean {
  const [x, y] = [finalAnswer(a), b === null ? null : finalAnswer(b)];
  return x === null || y === null ? x === y : sameAnswer(x, y).equal === true;
}

function tokens({ rollouts }: Group): number {
  return rollouts.reduce((sum, r) => sum + r.tokenIds.length, 0);
}

/** A written reference with the tokens it took. */
async function written(steps: ReturnType<typeof synthesize>): Promise<{ reference: Reference; tokens: number }> {
  let spent = 0;
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { reference: value, tokens: spent };
    if (value.type === "reference.finished") spent = value.tokens;
  }
}

async function result<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
  }
}

function resultNow<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
