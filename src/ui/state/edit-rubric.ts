/** @file What a person's change of a rubric comes to: the criteria to keep, how many have to be judged again, whether it is a change at all. */
import type { Criterion } from "../../cat/types.ts";

export interface RubricEdit {
  /** Empty ones left out, white space folded. */
  readonly criteria: readonly Criterion[];
  /** Criteria whose words are new. */
  readonly toJudge: number;
  readonly possible: boolean;
  /** "1 changed, 1 dropped". */
  readonly summary: string;
}

/** Files keep verdicts by id, up to this (src/run/schema.ts). */
const LARGEST_ID = 63;

/** An id that stood for nothing else, so that a letter means one thing. */
export function freeCriterion(...lists: readonly (readonly Criterion[])[]): number {
  const taken = new Set(lists.flat().map(({ id }) => id));
  let id = 0;
  while (taken.has(id) && id < LARGEST_ID) id++;
  return id;
}

export function rubricEdit(before: readonly Criterion[], written: readonly Criterion[]): RubricEdit {
  const criteria = written
    .map(({ id, text }) => ({ id, text: text.replaceAll(/\s+/g, " ").trim() }))
    .filter(({ text }) => text !== "");
  const was = new Map(before.map(({ id, text }) => [id, text]));
  const added = criteria.filter(({ id }) => !was.has(id)).length;
  const changed = criteria.filter(({ id, text }) => was.has(id) && was.get(id) !== text).length;
  const dropped = before.filter(({ id }) => !criteria.some((c) => c.id === id)).length;
  const parts = [
    ...(added === 0 ? [] : [`${added} added`]),
    ...(changed === 0 ? [] : [`${changed} changed`]),
    ...(dropped === 0 ? [] : [`${dropped} dropped`]),
  ];
  return {
    criteria,
    toJudge: added + changed,
    possible: criteria.length > 0 && parts.length > 0,
    summary: criteria.length === 0 ? "At least one criterion is needed." : parts.join(", "),
  };
}
