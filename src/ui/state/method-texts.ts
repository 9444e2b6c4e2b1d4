/** @file The methods of panel 4 in the paper's words, each in a sentence. What they said is in methods.ts. */
import type { OtherMethod } from "../../cat/others.ts";

export type ShownMethod = OtherMethod | "single" | "synthesis";

export interface MethodText {
  readonly name: string;
  /** One sentence, for whoever asks. */
  readonly about: string;
  /** Not of the paper. */
  readonly ours: boolean;
}

export const methodTexts: Readonly<Record<ShownMethod, MethodText>> = {
  single: {
    name: "Single answer",
    about: "One answer of the policy as it comes, on average over all of them: what there was without any of this.",
    ours: false,
  },
  greedy: {
    name: "Greedy",
    about: "The policy answers once more, always taking the likeliest token: no chance, no group.",
    ours: false,
  },
  majority: {
    name: "Majority vote",
    about: "The answer that most of the group gave (self-consistency); of equals, the one that came first.",
    ours: false,
  },
  lowestPerplexity: {
    name: "Lowest perplexity",
    about: "The answer whose tokens the policy itself found likeliest on average (min-PPL).",
    ours: false,
  },
  selfBestOfN: {
    name: "Self-BoN",
    about: "The model is shown all answers and names the best one (self best-of-N).",
    ours: false,
  },
  universalSelfConsistency: {
    name: "Universal self-consistency",
    about:
      "The model is shown all answers and names the one that agrees most with the others. Not a baseline of the paper.",
    ours: false,
  },
  mutualPredictability: {
    name: "Mutual predictability",
    about: "The answer that is easiest to foretell for a model that has just read all the others.",
    ours: false,
  },
  synthesisOfOne: {
    name: "Synthesis of one",
    about: "The anchor reads the first answer alone and writes it anew: proofreading, with nothing to compare.",
    ours: false,
  },
  longestRollout: {
    name: "Longest answer",
    about: "The answer of most tokens: a control, because more words say more without being better.",
    ours: true,
  },
  synthesis: {
    name: "Synthesis",
    about: "The anchor reads all answers and writes one new one: the method itself (v1: CaT).",
    ours: false,
  },
  synthesisExecuted: {
    name: "Synthesis, run first",
    about:
      "The synthesised program is run before it is believed; if it fails on every input, the anchor writes once more.",
    ours: true,
  },
};
