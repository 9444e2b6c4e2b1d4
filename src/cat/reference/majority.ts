/**
 * @file Majority vote over final answers (self-consistency, Wang et al. 2023; the reference of TTRL, arXiv 2504.16084).
 * Differences: (1) classes are answers that verify as equal, not equal strings, and functions that behave alike;
 * (2) no answer at all gives no vote, where TTRL's code throws.
 */
import { makeInputs } from "../../verify/code/inputs.ts";
import { gaveValue, sameOutcome } from "../../verify/code/outcome.ts";
import { sameAnswer } from "../../verify/math/equivalent.ts";
import { finalAnswer, finalProgram } from "../answer.ts";
import type { CodeRunner, Stop } from "../models.ts";
import type { Group, Reference, Rollout } from "../types.ts";
import { selected } from "./selection.ts";

/**
 * The first rollout of the largest class of equal answers; of classes as large, the one that appeared first.
 * @returns null when no rollout holds an answer. Not for open tasks: they have no final answer.
 */
export function majority(group: Group): Reference | null {
  const votes = group.rollouts.flatMap((rollout) => {
    const answer = finalAnswer(rollout);
    return answer === null ? [] : [{ rollout, answer }];
  });
  return elect(votes, (a, b) => sameAnswer(a, b).equal === true);
}

/**
 * The same for programs: equal is what does the same on all inputs. They are made for the parameters that most functions have.
 * @param seed of the inputs.
 * @returns null when no rollout holds a function that gives a value.
 */
export async function majorityOfBehaviour(
  group: Group,
  runner: CodeRunner,
  seed: number,
  stop?: Stop,
): Promise<Reference | null> {
  const written = group.rollouts.flatMap((rollout) => {
    const answer = finalProgram(rollout);
    return answer === null ? [] : [{ rollout, answer }];
  });
  const common = largest(written, (a, b) => a.parameters.join() === b.parameters.join());
  if (common === null) return null;
  const inputs = makeInputs(common.answer.parameters, seed);
  const votes = [];
  for (const { rollout, answer } of written) {
    const outcomes = await runner.run(answer, inputs, stop);
    if (gaveValue(outcomes)) votes.push({ rollout, answer: outcomes });
  }
  return elect(votes, (a, b) => a.every((outcome, i) => sameOutcome(outcome, b[i]!)));
}

interface Vote<T> {
  readonly rollout: Rollout;
  readonly answer: T;
}

function elect<T>(votes: readonly Vote<T>[], same: (a: T, b: T) => boolean): Reference | null {
  const winner = largest(votes, same)?.rollout;
  return winner === undefined ? null : selected("majority", winner);
}

/** The first vote of the largest class; null of none. */
function largest<T>(votes: readonly Vote<T>[], same: (a: T, b: T) => boolean): Vote<T> | null {
  const classes: { readonly first: Vote<T>; size: number }[] = [];
  for (const vote of votes) {
    const known = classes.find(({ first }) => same(first.answer, vote.answer));
    if (known === undefined) classes.push({ first: vote, size: 1 });
    else known.size += 1;
  }
  return (
    classes.reduce<(typeof classes)[number] | null>((a, b) => (a === null || b.size > a.size ? b : a), null)?.first ??
    null
  );
}
