/**
 * @file Majority vote over final answers (self-consistency, Wang et al. 2023; the reference of TTRL, arXiv 2504.16084).
 * Differences: (1) classes are answers that verify as equal, not equal strings; (2) no answer at all gives no vote, where TTRL's code throws.
 */
import { sameAnswer } from "../../verify/math/equivalent.ts";
import { finalAnswer } from "../answer.ts";
import { withoutThinking } from "../thinking.ts";
import type { Group, Reference } from "../types.ts";

/**
 * The first rollout of the largest class of equal answers; of classes as large, the one that appeared first.
 * @returns null when no rollout holds an answer. Not for open tasks: they have no final answer.
 */
export function majority(group: Group): Reference | null {
  const classes: { readonly answer: string; readonly first: number; votes: number }[] = [];
  for (const rollout of group.rollouts) {
    const { index } = rollout;
    const answer = finalAnswer(rollout);
    if (answer === null) continue;
    const known = classes.find((c) => sameAnswer(c.answer, answer).equal === true);
    if (known === undefined) classes.push({ answer, first: index, votes: 1 });
    else known.votes += 1;
  }
  const winner = classes.reduce<(typeof classes)[number] | null>(
    (best, c) => (best === null || c.votes > best.votes ? c : best),
    null,
  );
  if (winner === null) return null;
  const chosen = group.rollouts.find((r) => r.index === winner.first)!;
  return { aggregator: "majority", chosen: chosen.index, text: withoutThinking(chosen.text), ended: chosen.ended };
}
