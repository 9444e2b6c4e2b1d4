/** @file The control with slips that synthesis training never saw: rule-made groups for held-out sums (models/recipes/unseen_slips.py), each slipping in three ways. */
import * as v from "valibot";
import type { LanguageModel, Stop } from "../cat/models.ts";
import { synthesize, synthesizeOne } from "../cat/reference/synthesis.ts";
import type { Group } from "../cat/types.ts";
import { type AnswerItem, isAdvice, type Item } from "./item.ts";
import { jsonLines } from "./json-lines.ts";
import { markingFor } from "./marking.ts";
import { result } from "./result.ts";
import { estimate, type Estimate, pairedDifference } from "./statistics.ts";

/** As the law slips; into results that it never gives; in the box instead of a step. */
export type WayOfSlipping = "ordinary" | "otherResult" | "otherBox";

const WAYS: readonly WayOfSlipping[] = ["ordinary", "otherResult", "otherBox"];

export interface SlippingItem {
  readonly item: AnswerItem;
  /** [G] texts. */
  readonly answers: Readonly<Record<WayOfSlipping, readonly string[]>>;
}

export interface UnseenSlips {
  readonly items: number;
  readonly rollouts: number;
  /** Shares of right answers. */
  readonly ways: Readonly<
    Record<
      WayOfSlipping,
      {
        readonly single: Estimate;
        readonly majority: Estimate;
        readonly synthesisOfOne: Estimate;
        readonly synthesis: Estimate;
        /** Accuracy of the synthesis less that of the ordinary groups, paired by item. */
        readonly lessOrdinary: Estimate;
      }
    >
  >;
}

const texts = v.pipe(v.array(v.string()), v.minLength(1));
const schema = v.object({ id: v.string(), ordinary: texts, otherResult: texts, otherBox: texts });

/** Joins the groups with their items by id. @throws Error naming an id that no item has. */
export function readSlippingItems(text: string, items: readonly Item[]): SlippingItem[] {
  const byId = new Map(items.flatMap((item) => (isAdvice(item) ? [] : [[item.task.id, item] as const])));
  return jsonLines(text).map((line) => {
    const { id, ...answers } = v.parse(schema, line);
    const item = byId.get(id);
    if (item === undefined) throw new Error(`group ${id} belongs to no item: write models/items again`);
    return { item, answers };
  });
}

/**
 * The anchor reads each group through the synthesis of the product.
 * @param progress called after each group with the share done, 0..1.
 * @throws RangeError for no items; what the anchor throws.
 */
export async function benchUnseenSlips(
  items: readonly SlippingItem[],
  anchor: LanguageModel,
  maxTokens: number,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
): Promise<UnseenSlips> {
  if (items.length === 0) throw new RangeError("the control needs at least one item");
  const scores: Record<WayOfSlipping, Marks[]> = { ordinary: [], otherResult: [], otherBox: [] };
  for (const [i, { item, answers }] of items.entries()) {
    for (const way of WAYS) scores[way].push(await marks(item, answers[way], anchor, maxTokens, stop));
    progress((i + 1) / items.length);
  }
  const of = (way: WayOfSlipping, method: keyof Marks) => scores[way].map((s) => s[method]);
  const figures = (way: WayOfSlipping) => ({
    single: estimate(of(way, "single")),
    majority: estimate(of(way, "majority")),
    synthesisOfOne: estimate(of(way, "synthesisOfOne")),
    synthesis: estimate(of(way, "synthesis")),
    lessOrdinary: pairedDifference(of(way, "synthesis"), of("ordinary", "synthesis")),
  });
  return {
    items: items.length,
    rollouts: items[0]!.answers.ordinary.length,
    ways: { ordinary: figures("ordinary"), otherResult: figures("otherResult"), otherBox: figures("otherBox") },
  };
}

type Marks = Readonly<Record<"single" | "majority" | "synthesisOfOne" | "synthesis", number>>;

async function marks(
  item: AnswerItem,
  answers: readonly string[],
  anchor: LanguageModel,
  maxTokens: number,
  stop?: Stop,
): Promise<Marks> {
  const none = { tokenIds: [], logprobs: [], entropies: [] };
  const rollouts = answers.map((text, index) => ({ index, text, ended: "stop" as const, ...none }));
  const group: Group = { kind: item.task.kind, rollouts };
  const greedy = { temperature: 0, topK: null, topP: null };
  const options = { groupSize: rollouts.length, seed: 0, group: 0, sampling: greedy, maxTokens, now: () => 0 };
  const marking = await markingFor(item, null, 0, stop);
  const mark = async (written: Parameters<typeof marking.right>[0] | null) =>
    written !== null && (await marking.right(written)) ? 1 : 0;
  const right: number[] = [];
  for (const rollout of rollouts) right.push(await mark(rollout));
  return {
    single: right.reduce((a, b) => a + b, 0) / right.length,
    majority: await mark(await marking.majority(group)),
    synthesisOfOne: await mark(await result(synthesizeOne(group, anchor, options, stop))),
    synthesis: await mark(await result(synthesize(group, anchor, options, stop))),
  };
}
