/** @file What can be chosen of a training: each with its name, its limits, a sentence, and its name in a link. Texts alone; training-choice.ts reads what is put into them. */
import type { TrainingChoice } from "../../lab/protocol.ts";

export type ChoiceName = keyof TrainingChoice;

interface Named {
  readonly name: ChoiceName;
  /** In a link; as `npm run train` calls it. */
  readonly param: string;
  readonly label: string;
  /** What it does, in one sentence. */
  readonly about: string;
}

export interface OneOf extends Named {
  readonly options: readonly { readonly value: string; readonly name: string }[];
}

export interface Amount extends Named {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  /** May be left empty. */
  readonly optional: boolean;
}

export type ChoiceField = OneOf | Amount;

const WHOLE = { whole: true, optional: false } as const;

/** In the order of the page: those of the first row, then what stands under More. */
export const choiceFields: readonly ChoiceField[] = [
  {
    ...{ name: "domain", param: "domain", label: "Domain" },
    about: "What the questions are about; of none of them is an answer key read to learn from.",
    options: [
      { value: "sums", name: "Sums" },
      { value: "lists", name: "Lists" },
      { value: "advice", name: "Advice" },
    ],
  },
  {
    ...{ name: "aggregator", param: "aggregator", label: "Reference by" },
    about:
      "Who makes the reference that answers are paid for agreeing with: the anchor writes a new one (the paper’s method), the answers vote, or the model names its best one.",
    options: [
      { value: "synthesis", name: "synthesis (v1: CaT)" },
      { value: "majority", name: "majority vote" },
      { value: "selfBestOfN", name: "self best-of-N" },
    ],
  },
  {
    ...{ name: "reward", param: "reward", label: "Reward" },
    about:
      "The other two are the sceptic’s controls: what improves under random or shuffled rewards as well was not taught by the reference.",
    options: [
      { value: "cat", name: "agreement (CaT)" },
      { value: "random", name: "random" },
      { value: "shuffled", name: "shuffled in each group" },
    ],
  },
  {
    ...{ name: "seed", param: "seed", label: "Seed" },
    about: "Names all chance: with the same choices and seed, a training goes the same way again on the same device.",
    ...{ ...WHOLE, from: 0, to: 2 ** 32 - 1 },
  },
  {
    ...{ name: "rollouts", param: "g", label: "G, answers to a question" },
    about: "Each answer is measured against the mean of its G: more give a clearer signal, and take longer.",
    ...{ ...WHOLE, from: 2, to: 16 },
  },
  {
    ...{ name: "tasks", param: "tasks", label: "Tasks a step" },
    about: "How many questions one step learns from: more make it steadier, and take longer.",
    ...{ ...WHOLE, from: 1, to: 64 },
  },
  {
    ...{ name: "learningRate", param: "learning-rate", label: "Learning rate" },
    about: "How far one step goes: a higher one learns faster, until it breaks the model.",
    ...{ whole: false, optional: false, from: 1e-9, to: 1 },
  },
  {
    ...{ name: "kl", param: "kl", label: "KL coefficient" },
    about: "How strongly the policy is held to what it was; with 0 it may go anywhere, and a step takes less time.",
    ...{ whole: false, optional: false, from: 0, to: 10 },
  },
  {
    ...{ name: "lengthPenalty", param: "length-penalty", label: "Length penalty, in tokens" },
    about:
      "An answer of more tokens loses 1 of its reward, so that saying more is not the way to be paid more; empty means none.",
    ...{ whole: true, optional: true, from: 1, to: 4096 },
  },
  {
    ...{ name: "anchor", param: "anchor", label: "Anchor" },
    about:
      "Frozen, it stays what the policy was; current, the policy reads its own answers, and its errors may feed themselves (the error-amplification experiment).",
    options: [
      { value: "frozen", name: "frozen" },
      { value: "current", name: "current" },
    ],
  },
  {
    ...{ name: "rubricFrom", param: "rubric-from", label: "Rubric from" },
    about:
      "What the criteria are written from: the reference, which gathers what the answers know, or the question alone.",
    options: [
      { value: "reference", name: "the reference" },
      { value: "prompt", name: "the question" },
    ],
  },
  {
    ...{ name: "items", param: "items", label: "Held-out items" },
    about: "Problems that measure and never teach: more make the error bars shorter, and take longer.",
    ...{ ...WHOLE, from: 2, to: 500 },
  },
  {
    ...{ name: "evaluateEvery", param: "evaluate-every", label: "Steps between evaluations" },
    about: "How often the policy is measured on the held-out items; with each, a checkpoint to come back to is kept.",
    ...{ ...WHOLE, from: 1, to: 100_000 },
  },
];

/** The first row; the others have good values. */
export const frontFields: readonly ChoiceName[] = ["domain", "aggregator", "reward", "seed"];

/** What means something in a domain: only advice has rubrics. */
export function isAsked(name: ChoiceName, domain: string): boolean {
  return name !== "rubricFrom" || domain === "advice";
}
