/** @file A judge by itself: verdicts on held-out pairs of an answer and a criterion (models/recipes/judge_items.py), asked as the rewards ask. */
import * as v from "valibot";
import type { LanguageModel, Stop } from "../cat/models.ts";
import { rewardByRubric } from "../cat/reward/judge.ts";
import type { Group } from "../cat/types.ts";
import { judgeFigures, type JudgeFigures } from "./judge-figures.ts";
import { jsonLines } from "./json-lines.ts";

export interface JudgePair {
  /** What is new about it to the judge: see the recipe. */
  readonly set: string;
  readonly answer: string;
  readonly criterion: string;
  readonly met: boolean;
}

const schema = v.object({ set: v.string(), answer: v.string(), criterion: v.string(), met: v.boolean() });

/** @throws for a line that is not as it should be. */
export function readPairs(text: string): JudgePair[] {
  return jsonLines(text).map((line) => v.parse(schema, line));
}

/**
 * @param progress called after each pair with the share done, 0..1.
 * @returns figures by set, in the order of the pairs.
 * @throws what the judge throws.
 */
export async function judgePairs(
  pairs: readonly JudgePair[],
  judge: LanguageModel,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
): Promise<Readonly<Record<string, JudgeFigures>>> {
  const verdicts: { readonly set: string; readonly met: boolean | null; readonly truth: boolean }[] = [];
  for (const [i, { set, answer, criterion, met }] of pairs.entries()) {
    verdicts.push({ set, met: await verdict(answer, criterion, judge, stop), truth: met });
    progress((i + 1) / pairs.length);
  }
  const sets = [...new Set(pairs.map(({ set }) => set))];
  return Object.fromEntries(sets.map((set) => [set, judgeFigures(verdicts.filter((judged) => judged.set === set))]));
}

async function verdict(answer: string, text: string, judge: LanguageModel, stop?: Stop): Promise<boolean | null> {
  const rollout = { index: 0, text: answer, ended: "stop", tokenIds: [], logprobs: [], entropies: [] } as const;
  const group: Group = { kind: "open", rollouts: [rollout] };
  for await (const event of rewardByRubric(group, [{ id: 0, text }], judge, stop)) {
    if (event.type === "verdict") return event.met;
  }
  return null;
}
