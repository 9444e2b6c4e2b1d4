/** @file The figures of a step that have a chart: by the field's own name, each in a sentence. */
import type { TrainingStep } from "../../run/training.ts";
import { decimal, figure, percent } from "../numbers.ts";

export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly field: string;
  readonly about: string;
  readonly empty?: string;
  readonly format: (value: number) => string;
  readonly of: (step: TrainingStep) => number | null;
  /** Half of the band around it. */
  readonly spreadOf?: (step: TrainingStep) => number | null;
  /** A second figure of the same kind; `name` tells the two apart. */
  readonly second?: { readonly name: string; readonly label: string; readonly of: Figure["of"] };
  readonly name?: string;
  readonly label?: string;
  readonly range: "share" | "from 0" | "about 0" | "reward";
  /** What an axis without an end of its own shows at least: the first steps of a training make it no microscope. */
  readonly least?: number;
}

export const FIGURES: readonly Figure[] = [
  {
    ...{ id: "reward", title: "Reward", field: "rewardMean ± rewardStd", format: decimal, range: "reward" },
    about: "How far the rollouts agree with the reference; the band is the spread inside a group. Not the truth.",
    of: ({ event }) => event.rewardMean,
    spreadOf: ({ event }) => event.rewardStd,
  },
  {
    ...{ id: "kl", title: "KL", field: "kl", format: figure, range: "from 0", least: 0.01 },
    about: "Distance from the initial policy, nats a token.",
    empty: "The initial policy was not asked: the coefficient is 0, or nothing was learnt yet.",
    of: ({ event }) => event.kl,
  },
  {
    ...{ id: "entropy", title: "Entropy", field: "entropy", format: figure, range: "from 0", least: 0.1 },
    about: "How undecided the policy is at each token, nats. Near 0 its rollouts are all alike.",
    of: ({ event }) => event.entropy,
  },
  {
    ...{ id: "tokens", title: "Length", field: "meanTokens", format: figure, range: "from 0", least: 10 },
    about: "Tokens of an answer, on average.",
    of: ({ event }) => event.meanTokens,
  },
  {
    ...{
      id: "agreement",
      title: "Self-agreement",
      field: "from equivalence or tests",
      format: percent,
      range: "share",
    },
    about: "Rollouts that say what most of their group say, and groups in which that is not the reference.",
    empty: "There was no vote: open questions have none.",
    ...{ name: "agree with the majority", label: "alike" },
    of: ({ agreement }) => agreement.share,
    second: {
      ...{ name: "majority is not the reference", label: "not the reference" },
      of: ({ agreement }) => agreement.parted,
    },
  },
  {
    ...{ id: "zero", title: "Groups without spread", field: "fracRewardZeroStd", format: percent, range: "share" },
    about: "All rewards of the group are equal: nothing to learn from, so it is skipped.",
    of: ({ event }) => event.fracRewardZeroStd,
  },
  {
    ...{ id: "loss", title: "Loss", field: "loss", format: figure, range: "about 0", least: 0.002 },
    about: "Of GRPO. It stays near 0 by construction and is no measure of progress.",
    of: ({ event }) => event.loss,
  },
  {
    ...{ id: "gradient", title: "Gradient norm", field: "gradNorm", format: figure, range: "from 0", least: 1 },
    about: "Before it is clipped to 1.",
    of: ({ event }) => event.gradNorm,
  },
  {
    ...{ id: "clip", title: "Clip fraction", field: "clipFraction", format: figure, range: "from 0", least: 0.01 },
    about: "Share of tokens from which nothing is learnt, since they have gone too far.",
    of: ({ event }) => event.clipFraction,
  },
];
