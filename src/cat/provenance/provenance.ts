/**
 * @file Where each step of a reference comes from: which rollouts say it, say otherwise, or say nothing, and what nobody said.
 * Not in the paper. Compares work, numbers and words (docs/decisions/0014-provenance.md says how well); knows no synonyms and computes nothing.
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
  /** The step of the rollout that says so; null of a silent one. */
  readonly at: Span | null;
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
 * @returns a step each, in the order of the reference; none of a text without words or numbers.
 */
export function provenance(reference: string, rollouts: readonly string[], kind: TaskKind): readonly StepProvenance[] {
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
  return steps.map((step, row) => {
    const dots = others.map((said, rollout): Dot => {
      const column = pairs[rollout]?.[row] ?? null;
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
