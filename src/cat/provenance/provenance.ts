/**
 * @file Where each step of a reference comes from: which rollouts say it, say otherwise, or say nothing, and what nobody said.
 * Not in the paper. Compares work, numbers and words, and takes the judge's word where it was asked (ask-judge.ts; docs/decisions/0014-provenance.md
 * says how well); by itself it knows no synonyms and computes nothing.
 */
import type { TaskKind } from "../types.ts";
import { alignFreely } from "./align-freely.ts";
import { alignInOrder } from "./align.ts";
import { type Claim, claimOf } from "./claim.ts";
import { bearsOut, holds, likeness, type Weight } from "./likeness.ts";
import { type Span, type Step, stepsOf } from "./steps.ts";

export type Stance = "supports" | "contradicts" | "silent";

export interface Dot {
  readonly stance: Stance;
  /** The step of the rollout that says so; null of a silent one, and where only the judge hears it and no words are alike. */
  readonly at: Span | null;
}

/** What the judge found; a stance of null is undecided, so words decide. */
export interface JudgedSources {
  /** Places of the steps that it was asked about. */
  readonly steps: readonly Span[];
  readonly found: readonly { readonly rollout: number; readonly step: number; readonly stance: Stance | null }[];
}

export interface StepProvenance {
  /** Place in the reference. */
  readonly at: Span;
  /** [G] */
  readonly dots: readonly Dot[];
  /** No rollout supports it: the anchor's own. */
  readonly nobodySaidIt: boolean;
}

const SILENT: Dot = { stance: "silent", at: null };

/** A text with more steps is read up to here: the time grows with the product of two texts' steps. */
const MOST_STEPS = 200;

/** From which likeness on two steps are about the same thing: chosen on one half of tests/fixtures/provenance. */
const LEAST = { math: 0.15, code: 0.2, open: 0.06 };
/** A point that shares one word with another denies nothing of it. */
const LEAST_TO_DENY = 0.15;

/**
 * A rollout supports a step when it has that step with the same work, code or answer, or in like words; it contradicts it
 * when it has the step otherwise: another result (a slip, its own or carried on), another plan, or a denial.
 * @param rollouts [G], whole texts; thinking parts say nothing.
 * @param judged is believed before words are.
 * @returns a step each, in the order of the reference; none of a text without words or numbers.
 */
export function provenance(
  reference: string,
  rollouts: readonly string[],
  kind: TaskKind,
  judged?: JudgedSources,
): readonly StepProvenance[] {
  const steps = readAll(reference);
  const others = rollouts.map(readAll);
  const weight = rarity([...steps, ...others.flat()]);
  const likenesses = others.map((said) => steps.map((a) => said.map((b) => likeness(a.claim, b.claim, weight))));
  const pairs =
    kind === "open"
      ? alignFreely(
          likenesses,
          { reference: steps.map(sentence), rollouts: others.map((said) => said.map(sentence)) },
          LEAST.open,
        )
      : likenesses.map((table) => alignInOrder(table, LEAST[kind]));
  const key = (rollout: number, { start, end }: Span) => `${rollout} ${start} ${end}`;
  const stances = new Map<string, Stance | null>();
  for (const { rollout, step, stance } of judged?.found ?? []) {
    const at = judged?.steps[step];
    if (at !== undefined) stances.set(key(rollout, at), stance);
  }
  return steps.map((step, row) => {
    const dots = others.map((said, rollout): Dot => {
      const column = pairs[rollout]?.[row] ?? null;
      const stance = stances.get(key(rollout, step)) ?? null;
      if (stance === "silent") return SILENT;
      if (stance !== null) {
        const other = said[column ?? mostLike(likenesses[rollout]![row]!)];
        return { stance, at: other === undefined ? null : place(other) };
      }
      // A sentence may hold two steps of the reference, but it is the partner of one.
      const other = column === null ? said.find(({ claim }) => holds(step.claim, claim)) : said[column];
      if (other === undefined) return SILENT;
      if (bearsOut(step.claim, other.claim)) return { stance: "supports", at: place(other) };
      const isFaint = kind === "open" && column !== null && likenesses[rollout]![row]![column]! < LEAST_TO_DENY;
      return isFaint ? SILENT : { stance: "contradicts", at: place(other) };
    });
    return { at: place(step), dots, nobodySaidIt: dots.every(({ stance }) => stance !== "supports") };
  });
}

/** @returns −1 where nothing is alike enough to be about the same thing. */
function mostLike(likenesses: readonly number[]): number {
  return likenesses.indexOf(Math.max(LEAST.open, ...likenesses));
}

export interface Read extends Step {
  readonly claim: Claim;
}

/** The steps of a text with what they say; of a very long one, the first. */
export function readAll(text: string): readonly Read[] {
  return stepsOf(text)
    .slice(0, MOST_STEPS)
    .map((step) => ({ ...step, claim: claimOf(step) }));
}

/** Tells sentences of equal words. */
function sentence({ text }: Step): string {
  return (
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(" ") ?? text
  );
}

function place({ start, end }: Span): Span {
  return { start, end };
}

/** Words that few of the different steps use weigh more (inverse document frequency). */
export function rarity(steps: readonly Read[]): Weight {
  const different = new Map(steps.map((step) => [sentence(step), step.claim.words]));
  const count = new Map<string, number>();
  for (const words of different.values()) for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + different.size / (count.get(word) ?? 1));
}
