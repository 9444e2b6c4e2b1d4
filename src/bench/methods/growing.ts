/** @file The synthesis of ever more rollouts of a group: the data of the curve. Equal calls are made once. */
import type { LanguageModel, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { synthesize } from "../../cat/reference/synthesis.ts";
import type { Group, Reference } from "../../cat/types.ts";
import { type Candidate, made } from "./candidate.ts";

interface Known {
  /** Of the whole group. */
  readonly synthesis: Candidate<Reference>;
  /** Of its first rollout. */
  readonly synthesisOfOne: Candidate;
}

/** @returns the group's first g rollouts with their synthesis, for g = 1, 2, 4, 8, 16 as far as there are as many. */
export async function growing(
  group: Group,
  { synthesisOfOne, synthesis }: Known,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): Promise<{ readonly part: Group; readonly reference: Reference }[]> {
  const parts = [];
  for (const g of [1, 2, 4, 8, 16].filter((g) => g <= group.rollouts.length)) {
    const part: Group = { ...group, rollouts: group.rollouts.slice(0, g) };
    const known = g === group.rollouts.length ? synthesis.reference : g === 1 ? synthesisOfOne.reference : null;
    const reference = known ?? (await made(synthesize(part, anchor, options, stop), 0)).reference;
    parts.push({ part, reference });
  }
  return parts;
}
