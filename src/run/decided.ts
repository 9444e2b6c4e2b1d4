/** @file What the decisions about one rollout come to: the reward before any penalty. One definition for what was logged and for what a person made of it. */
import type { Criterion, Reward } from "../cat/types.ts";
import { fractionMet } from "../cat/reward/fraction-met.ts";
import type { Comparison, RolloutState } from "./run.ts";

/** Decisions about one rollout; undefined is what has not come. */
export interface Decided {
  /** Whether it is the same as the reference, by answer or by behaviour. */
  readonly same: boolean | null | undefined;
  /** By place in the list of criteria. */
  readonly met: readonly (boolean | null | undefined)[];
}

/** A comparison as one word. Programs: the same on every input; null when there was nothing to compare with. */
export function sameIn(comparison: Comparison | undefined): boolean | null | undefined {
  if (comparison === undefined) return undefined;
  if (comparison.type === "equivalence") return comparison.equivalent;
  const { results, failure } = comparison;
  if (failure?.startsWith("the reference") === true || (results.length === 0 && failure === null)) return null;
  return results.length > 0 && results.every(({ same }) => same);
}

/** @returns undefined while a decision is missing; null when nothing was decided. */
export function valueOf({ same, met }: Decided): Reward | undefined {
  if (same !== undefined) return same === null ? null : same ? 1 : 0;
  const known = met.filter((m) => m !== undefined);
  return met.length === 0 || known.length < met.length ? undefined : fractionMet(known);
}

/** What the models and checkers decided, nobody's correction counted. */
export function ownValue(rollout: RolloutState, criteria: readonly Criterion[]): Reward | undefined {
  const met = criteria.map(({ id }) => rollout.verdicts[id]?.met);
  return valueOf({ same: sameIn(rollout.equivalence ?? rollout.tests), met });
}
