/** @file What can be foretold before each phase, and what then came. Asks of the run alone: what is right, only an opened key says. */
import { finalAnswer } from "../../cat/answer.ts";
import { majority } from "../../cat/reference/majority.ts";
import type { TaskKind } from "../../cat/types.ts";
import { asGroup } from "../../run/as-group.ts";
import type { GroupState } from "../../run/run.ts";
import { sameAnswer } from "../../verify/math/equivalent.ts";
import { decimal, wordCount } from "../numbers.ts";
import { summaryOf } from "./summary.ts";
import type { Phase } from "./timeline.ts";

export interface Question {
  /** The phase that answers it. */
  readonly phase: Phase;
  readonly text: string;
  /** What there is to choose from; `null` for a word or a number of one's own. */
  readonly options: readonly string[] | null;
}

export interface Outcome {
  /** What came, in words that fit after "it was". */
  readonly came: string;
  readonly hit: boolean;
}

const YES_NO = ["yes", "no"] as const;
const MEANS = ["below 0.5", "0.5 to 0.8", "above 0.8"] as const;
const RIGHT = ["both", "the reference alone", "the answers alone", "neither"] as const;

/** `null` where nothing worth asking is decided by the phase. @param size G. */
export function questionBefore(phase: Phase, kind: TaskKind, size: number): Question | null {
  const choose = (text: string, options: readonly string[] = YES_NO) => ({ phase, text, options });
  // Of one answer there is no vote, and nothing to agree.
  if (size < 2 && phase !== "key") return null;
  switch (phase) {
    case "explore":
      if (kind === "math") return { phase, text: "What will the vote say?", options: null };
      return choose("Will two of the answers be the same, word for word?");
    case "synthesise":
      if (kind === "math") return choose("Will the reference say what most answers say?");
      if (kind === "code") return choose("Will the reference be a copy of one answer?");
      return choose("Will the reference be longer than the average answer?");
    case "reward":
      if (kind === "open") return choose("What will the mean reward be?", MEANS);
      return choose(
        `How many of ${size} will agree with the reference?`,
        Array.from({ length: size + 1 }, (_, n) => String(n)),
      );
    case "others":
      return kind === "math" ? choose("Will the other methods all say what the reference says?") : null;
    case "key":
      if (kind === "open") return choose("Will the reference cover more than the average answer?");
      return choose("Who will be right: the reference, or most of the answers?", RIGHT);
  }
}

/** Held against a run whose phase is over; `null` where that cannot be told. */
export function outcomeOf(phase: Phase, group: GroupState, said: string): Outcome | null {
  const came = cameOf(phase, group);
  if (came === null) return null;
  const hit = phase === "explore" && group.task.kind === "math" ? sameAnswer(said, came).equal === true : said === came;
  return { came, hit };
}

function cameOf(phase: Phase, group: GroupState): string | null {
  const { kind } = group.task;
  switch (phase) {
    case "explore":
      return kind === "math" ? voteOf(group) : yesNo(hasTwins(group));
    case "synthesise":
      if (kind === "math") return bothSay(voteOf(group), referenceOf(group));
      return kind === "code" ? yesNo(isCopy(group)) : yesNo(isLonger(group));
    case "reward": {
      const summary = summaryOf(group);
      if (kind === "open") return summary?.mean === null || summary === null ? null : rangeOf(summary.mean);
      return summary === null || summary.undecided === summary.size ? null : String(summary.agree);
    }
    case "others":
      return kind === "math" ? othersAgree(group) : null;
    case "key":
      return kind === "open" ? coversMore(group) : rightOf(group);
  }
}

function yesNo(is: boolean | null): string | null {
  return is === null ? null : is ? "yes" : "no";
}

/** The final answer of most rollouts. */
function voteOf(group: GroupState): string | null {
  const ended = group.rollouts.filter((rollout) => rollout.ended !== undefined);
  const elected = majority(asGroup({ ...group, rollouts: ended }));
  return elected === null ? null : finalAnswer(elected);
}

function referenceOf(group: GroupState): string | null {
  return group.references.synthesis?.finished?.extracted ?? null;
}

function bothSay(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : yesNo(sameAnswer(a, b).equal);
}

function hasTwins({ rollouts }: GroupState): boolean | null {
  const texts = rollouts.map(({ text }) => text.trim());
  return texts.length === 0 ? null : new Set(texts).size < texts.length;
}

function isCopy({ references, rollouts }: GroupState): boolean | null {
  const text = references.synthesis?.finished?.text.trim();
  return text === undefined ? null : rollouts.some((rollout) => rollout.text.trim() === text);
}

function isLonger({ references, rollouts }: GroupState): boolean | null {
  const text = references.synthesis?.finished?.text;
  if (text === undefined || rollouts.length === 0) return null;
  return wordCount(text) > rollouts.reduce((sum, r) => sum + wordCount(r.text), 0) / rollouts.length;
}

function rangeOf(mean: number): string {
  // As it is shown: what reads 0.8 is not above it.
  const shown = Number(decimal(mean).replace("−", "-"));
  return shown < 0.5 ? MEANS[0] : shown <= 0.8 ? MEANS[1] : MEANS[2];
}

function othersAgree(group: GroupState): string | null {
  const reference = referenceOf(group);
  const others = Object.entries(group.references).flatMap(([name, { finished }]) =>
    name === "synthesis" || finished === undefined ? [] : [finished.extracted],
  );
  if (reference === null || others.length === 0) return null;
  return yesNo(others.every((answer) => answer !== null && sameAnswer(answer, reference).equal === true));
}

/** By the opened key: the reference, and more than half of the answers. */
function rightOf({ labels }: GroupState): string | null {
  const reference = labels.find(({ aggregator }) => aggregator === "synthesis")?.correct ?? null;
  const answers = labels.filter(({ rollout, correct }) => rollout !== null && correct !== null);
  if (reference === null || answers.length === 0) return null;
  const most = 2 * answers.filter(({ correct }) => correct).length > answers.length;
  if (reference) return most ? RIGHT[0] : RIGHT[1];
  return most ? RIGHT[2] : RIGHT[3];
}

function coversMore({ labels }: GroupState): string | null {
  const reference = labels.find(({ aggregator }) => aggregator === "synthesis")?.score ?? null;
  const scores = labels.flatMap(({ rollout, score }) => (rollout === null || score === null ? [] : [score]));
  if (reference === null || scores.length === 0) return null;
  return yesNo(reference > scores.reduce((a, b) => a + b, 0) / scores.length);
}
