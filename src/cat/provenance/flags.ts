/** @file What a person should know about a group before trusting its reference: copied, outvoted, nothing to reconcile, nothing to learn. Says that it is so, not that it is bad. */
import type { TestResult } from "../../verify/code/outcome.ts";
import { sameAnswer } from "../../verify/math/equivalent.ts";
import { finalAnswer } from "../answer.ts";
import { majority } from "../reference/majority.ts";
import { withoutThinking } from "../thinking.ts";
import type { Group, Reference, Reward } from "../types.ts";

export interface Flags {
  /** Rollouts that the reference repeats, spacing aside. */
  readonly copied: readonly number[];
  /** Whether another answer has more votes, or as many and came first; null without votes: open tasks, no answers, programs not run. */
  readonly differsFromMajority: boolean | null;
  /** All rollouts come to the same: by answer, by behaviour, of open tasks by text; null as above. */
  readonly nothingToReconcile: boolean | null;
  /** All rewards that were decided are equal, or fewer than two were: every advantage is 0; null until all are there. */
  readonly noSignal: boolean | null;
}

export interface Outcomes {
  /** [G]; undefined: not there yet. */
  readonly rewards: readonly (Reward | undefined)[];
  /** [G], of programs; empty where one was not run. */
  readonly tests: readonly (readonly TestResult[])[];
}

export function flagsOf(group: Group, reference: Reference, { rewards, tests }: Outcomes): Flags {
  const text = spaced(withoutThinking(reference.text));
  const copied = group.rollouts.filter((rollout) => text !== "" && spaced(withoutThinking(rollout.text)) === text);
  return {
    copied: copied.map(({ index }) => index),
    ...(group.kind === "code"
      ? byBehaviour(tests)
      : group.kind === "math"
        ? byAnswer(group, reference)
        : byText(group)),
    noSignal: rewards.includes(undefined) ? null : new Set(rewards.filter((r) => r !== null)).size < 2,
  };
}

type Votes = Pick<Flags, "differsFromMajority" | "nothingToReconcile">;

function byAnswer(group: Group, reference: Reference): Votes {
  const vote = majority(group);
  const elected = vote === null ? null : finalAnswer(vote);
  if (elected === null) return { differsFromMajority: null, nothingToReconcile: null };
  const agrees = (answer: string | null) => answer !== null && sameAnswer(answer, elected).equal === true;
  return {
    differsFromMajority: finalAnswer(reference) === null ? null : !agrees(finalAnswer(reference)),
    nothingToReconcile: group.rollouts.every((rollout) => agrees(finalAnswer(rollout))),
  };
}

/** Programs that gave the same values on the tests' inputs are one class; so does the vote see them. */
function byBehaviour(tests: readonly (readonly TestResult[])[]): Votes {
  const run = tests.filter((results) => results.length > 0);
  const [first] = run;
  if (first === undefined) return { differsFromMajority: null, nothingToReconcile: null };
  const expected = JSON.stringify(first.map((result) => result.expected));
  const votes = new Map<string, number>();
  for (const results of run) {
    const gave = results.every(({ same }) => same) ? expected : JSON.stringify(results.map(({ actual }) => actual));
    votes.set(gave, (votes.get(gave) ?? 0) + 1);
  }
  const most = Math.max(...votes.values());
  const [elected] = [...votes].find(([, count]) => count === most)!;
  return {
    differsFromMajority: elected !== expected,
    nothingToReconcile: votes.size === 1 && run.length === tests.length,
  };
}

function byText({ rollouts }: Group): Votes {
  const texts = new Set(rollouts.map(({ text }) => spaced(withoutThinking(text))));
  return { differsFromMajority: null, nothingToReconcile: texts.size === 1 };
}

function spaced(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
