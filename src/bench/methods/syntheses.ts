/** @file What the anchor writes from the group: of all rollouts, of the first alone, of the first g. Equal calls are made once. */
import type { CodeRunner, LanguageModel, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { synthesizeExecuted } from "../../cat/reference/executed.ts";
import { synthesize, synthesizeOne } from "../../cat/reference/synthesis.ts";
import type { Group, Reference } from "../../cat/types.ts";
import { type Candidate, made, tokensOf } from "./candidate.ts";

export interface Syntheses {
  readonly synthesisOfOne: Candidate<Reference>;
  readonly synthesis: Candidate<Reference>;
  /** Programs alone. */
  readonly synthesisExecuted?: Candidate;
}

export async function syntheses(
  group: Group,
  { anchor, runner }: { readonly anchor: LanguageModel; readonly runner: CodeRunner | null },
  options: CatOptions,
  stop?: Stop,
): Promise<Syntheses> {
  const first = group.rollouts[0]!.tokenIds.length;
  const synthesisOfOne = await made(synthesizeOne(group, anchor, options, stop), first);
  const synthesis = await made(synthesize(group, anchor, options, stop), tokensOf(group));
  if (runner === null || group.kind !== "code") return { synthesisOfOne, synthesis };
  const again = synthesizeExecuted(synthesis.reference, group, anchor, runner, options, stop);
  return { synthesisOfOne, synthesis, synthesisExecuted: await made(again, synthesis.tokens) };
}

/** @returns the group's first g rollouts with their synthesis, for g = 1, 2, 4, 8, 16 as far as there are as many. */
export async function growing(
  group: Group,
  { synthesisOfOne, synthesis }: Syntheses,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): Promise<{ readonly part: Group; readonly reference: Reference }[]> {
  const parts = [];
  for (const g of [1, 2, 4, 8, 16].filter((g) => g <= group.rollouts.length)) {
    const part: Group = { ...group, rollouts: group.rollouts.slice(0, g) };
    const known = g === group.rollouts.length ? synthesis : g === 1 ? synthesisOfOne : null;
    const { reference } = known ?? (await made(synthesize(part, anchor, options, stop), 0));
    parts.push({ part, reference });
  }
  return parts;
}
