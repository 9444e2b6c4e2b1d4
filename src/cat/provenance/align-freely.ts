/** @file Which steps of a reference go with which of each rollout where points are made in any order, as in advice. In order: align.ts. */
import type { Likenesses } from "./align.ts";

/**
 * The most alike first, each step once. Nobody makes a point twice: two sentences of one text are two points, so they are
 * not both taken for the same step anywhere, and a sentence that many rollouts share is taken for one step in all of them.
 * @param likenesses [G]
 * @param sentences what tells equal sentences: [rows] of the reference, [G][columns] of the rollouts.
 * @param least what a pair must have.
 * @returns [G][rows]: a column or null.
 */
export function alignFreely(
  likenesses: readonly Likenesses[],
  sentences: { readonly reference: readonly string[]; readonly rollouts: readonly (readonly string[])[] },
  least: number,
): readonly (readonly (number | null)[])[] {
  const together = saidTogether([sentences.reference, ...sentences.rollouts]);
  const pairs = likenesses.map((rows): (number | null)[] => rows.map(() => null));
  const taken = likenesses.map(() => new Set<number>());
  const stepOf = new Map<string, number>();
  const wordings = sentences.reference.map((sentence) => [sentence]);
  for (const { rollout, row, column } of mostAlikeFirst(likenesses, least)) {
    const sentence = sentences.rollouts[rollout]![column]!;
    const known = stepOf.get(sentence);
    if (pairs[rollout]![row] !== null || taken[rollout]!.has(column) || (known ?? row) !== row) continue;
    if (known === undefined) {
      if (wordings[row]!.some((other) => together(other, sentence))) continue;
      stepOf.set(sentence, row);
      wordings[row]!.push(sentence);
    }
    pairs[rollout]![row] = column;
    taken[rollout]!.add(column);
  }
  return pairs;
}

function mostAlikeFirst(likenesses: readonly Likenesses[], least: number) {
  return likenesses
    .flatMap((rows, rollout) =>
      rows.flatMap((values, row) => values.map((value, column) => ({ rollout, row, column, value }))),
    )
    .filter(({ value }) => value >= least)
    .sort((a, b) => b.value - a.value);
}

function saidTogether(texts: readonly (readonly string[])[]): (a: string, b: string) => boolean {
  const sets = texts.map((sentences) => new Set(sentences));
  return (a, b) => a !== b && sets.some((set) => set.has(a) && set.has(b));
}
