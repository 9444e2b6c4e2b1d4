/** @file Several answers against several: in order, or without. */
import type { Answer } from "./answer.ts";
import type { Verdict } from "./identity.ts";

type Compare = (a: Answer, b: Answer) => Verdict;

/** Both must hold. The first that fails gives the rule; a failure outweighs doubt. */
export function both(so_far: Verdict, next: Verdict, where: string): Verdict {
  if (so_far.equal === false || next.equal === true) return so_far;
  if (next.equal === null && so_far.equal === null) return so_far;
  return { equal: next.equal, rule: `${where}: ${next.rule}` };
}

export function compareItems(a: readonly Answer[], b: readonly Answer[], compare: Compare): Verdict {
  if (a.length !== b.length) return { equal: false, rule: `${a.length} items against ${b.length}` };
  let result: Verdict = { equal: true, rule: "same items in the same order" };
  for (const [i, item] of a.entries()) result = both(result, compare(item, b[i]!), `item ${i + 1}`);
  return result;
}

/**
 * Every member of one must be a member of the other.
 * @param countsDoubles whether "1, 1, 2" and "1, 2" are left undecided.
 */
export function compareMembers(
  a: readonly Answer[],
  b: readonly Answer[],
  countsDoubles: boolean,
  compare: Compare,
): Verdict {
  if ((a.length === 0) !== (b.length === 0)) return { equal: false, rule: "one of the two is empty" };
  const table = a.map((x) => b.map((y) => compare(x, y).equal));
  const columns = b.map((_, j) => table.map((row) => row[j]!));
  const lines = [...table, ...columns];
  if (lines.some((line) => line.every((v) => v === false)))
    return { equal: false, rule: "a member of one is missing in the other" };
  if (!lines.every((line) => line.includes(true))) return { equal: null, rule: "some members could not be compared" };
  if (countsDoubles && a.length !== b.length)
    return { equal: null, rule: "the same members, some of them several times" };
  return { equal: true, rule: "same members" };
}
