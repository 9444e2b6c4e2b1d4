/** @file What a person corrects in a run, and takes back: overrides and undos as the fold keeps them. What then counts: effective.ts. */
import type { Aggregator } from "../cat/types.ts";
import type { LoggedEvent, OverrideValue } from "./event.ts";
import { undoRubric } from "./rubrics.ts";
import type { Comparison, GroupState, RolloutState } from "./run.ts";

/** What was corrected, where it stands in its group. */
export type Corrected =
  | { readonly of: "verdict"; readonly rollout: number; readonly criterion: number }
  | { readonly of: "comparison"; readonly rollout: number }
  | { readonly of: "reference"; readonly aggregator: Aggregator }
  | { readonly of: "rollout"; readonly rollout: number };

export interface Correction {
  /** Of the override: what an undo names. */
  readonly seq: number;
  /** `seq` of the event that it corrects. */
  readonly target: number;
  readonly what: Corrected;
  readonly value: OverrideValue;
  readonly note: string;
  readonly undone: boolean;
}

/** @throws RangeError where the target is no event that stands and can be overridden, or the value does not fit it. */
export function correct(
  groups: readonly GroupState[],
  { seq, target, value, note }: Extract<LoggedEvent, { type: "override" }>,
): readonly GroupState[] {
  for (const [index, group] of groups.entries()) {
    const what = found(group, target);
    if (what === null) continue;
    if (!fits(what, value)) throw new RangeError(`an override of a ${what.of} cannot be ${JSON.stringify(value)}`);
    const correction: Correction = { seq, target, what, value, note, undone: false };
    return groups.with(index, { ...group, corrections: [...group.corrections, correction] });
  }
  const what = "a verdict, comparison, finished reference or finished rollout that still stands";
  throw new RangeError(`override of event ${target}, which is not ${what}`);
}

/** @throws RangeError where the target is neither an override that stands nor a rubric that took another's place. */
export function undo(
  groups: readonly GroupState[],
  { target }: Extract<LoggedEvent, { type: "undo" }>,
): readonly GroupState[] {
  for (const [index, group] of groups.entries()) {
    const place = group.corrections.findIndex(({ seq, undone }) => seq === target && !undone);
    if (place === -1) {
      const without = undoRubric(group, target);
      if (without !== null) return groups.with(index, without);
      continue;
    }
    const corrections = group.corrections.with(place, { ...group.corrections[place]!, undone: true });
    return groups.with(index, { ...group, corrections });
  }
  throw new RangeError(`undo of event ${target}, which is no override that stands, and no rubric in place of another`);
}

/** The correction of an event that counts: the last that was not undone. @returns null without one. */
export function standing({ corrections }: GroupState, target: number | undefined): Correction | null {
  return corrections.findLast((c) => c.target === target && !c.undone) ?? null;
}

/** A comparison of a rollout by its `seq`: with the anchor's own reference or with an edited one. */
export function comparisonOf({ equivalence, tests, recompared }: RolloutState, seq: number): Comparison | undefined {
  return [equivalence, tests, ...Object.values(recompared)].find((comparison) => comparison?.seq === seq);
}

/** The comparison of a rollout that counts while an edit of the reference stands, or none does; undefined: not compared (yet). */
export function comparisonUnder(edit: Correction | null, rollout: RolloutState): Comparison | undefined {
  return edit === null ? (rollout.equivalence ?? rollout.tests) : rollout.recompared[edit.seq];
}

/** The aggregator whose reference the group is rewarded by: the one that was written first. @returns null before any is finished. */
export function rewardedBy({ references }: GroupState): Aggregator | null {
  const finished = Object.values(references).flatMap((reference) => reference.finished ?? []);
  return finished.toSorted((a, b) => a.seq - b.seq)[0]?.aggregator ?? null;
}

/** The standing edit of the reference that the group is rewarded by. */
export function standingEdit(group: GroupState): Correction | null {
  const aggregator = rewardedBy(group);
  return aggregator === null ? null : standing(group, group.references[aggregator]?.finished?.seq);
}

function found({ rollouts, references }: GroupState, target: number): Corrected | null {
  for (const reference of Object.values(references)) {
    if (reference.finished?.seq === target) return { of: "reference", aggregator: reference.finished.aggregator };
  }
  for (const [rollout, state] of rollouts.entries()) {
    if (state.seq === target) return { of: "rollout", rollout };
    if (comparisonOf(state, target) !== undefined) return { of: "comparison", rollout };
    const criterion = state.verdicts.findIndex((verdict) => verdict?.seq === target);
    if (criterion !== -1) return { of: "verdict", rollout, criterion };
  }
  return null;
}

function fits({ of }: Corrected, value: OverrideValue): boolean {
  switch (of) {
    case "verdict":
    case "comparison":
      return typeof value !== "string";
    case "reference":
      return typeof value === "string";
    case "rollout":
      return value === "pin" || value === "drop";
  }
}
