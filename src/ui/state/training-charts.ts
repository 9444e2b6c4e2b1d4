/** @file The charts of a training, and of a second one beside it: one for the held-out score, one for each figure of a step by the field's own name. */
import type { Training, TrainingStep } from "../../run/training.ts";
import { decimal, figure, percent } from "../numbers.ts";
import type { Chart, Look, Point, Series } from "./chart.ts";
import { roundAbove } from "./chart-axis.ts";
import { scoreChart } from "./score-chart.ts";

interface Figure {
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
}

const NO_STEP = "No step has been made yet.";

const FIGURES: readonly Figure[] = [
  {
    ...{ id: "reward", title: "Reward", field: "rewardMean ± rewardStd", format: decimal, range: "reward" },
    about: "How far the rollouts agree with the reference; the band is the spread inside a group. Not the truth.",
    of: ({ event }) => event.rewardMean,
    spreadOf: ({ event }) => event.rewardStd,
  },
  {
    ...{ id: "kl", title: "KL", field: "kl", format: figure, range: "from 0" },
    about: "Distance from the initial policy, nats a token.",
    empty: "The initial policy was not asked: the coefficient is 0, or nothing was learnt yet.",
    of: ({ event }) => event.kl,
  },
  {
    ...{ id: "entropy", title: "Entropy", field: "entropy", format: figure, range: "from 0" },
    about: "How undecided the policy is at each token, nats. Near 0 its rollouts are all alike.",
    of: ({ event }) => event.entropy,
  },
  {
    ...{ id: "tokens", title: "Length", field: "meanTokens", format: figure, range: "from 0" },
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
    empty: "Open questions have no vote, so there is nothing to count.",
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
    ...{ id: "loss", title: "Loss", field: "loss", format: figure, range: "about 0" },
    about: "Of GRPO. It stays near 0 by construction and is no measure of progress.",
    of: ({ event }) => event.loss,
  },
  {
    ...{ id: "gradient", title: "Gradient norm", field: "gradNorm", format: figure, range: "from 0" },
    about: "Before it is clipped to 1.",
    of: ({ event }) => event.gradNorm,
  },
  {
    ...{ id: "clip", title: "Clip fraction", field: "clipFraction", format: figure, range: "from 0" },
    about: "Share of tokens from which nothing is learnt, since they have gone too far.",
    of: ({ event }) => event.clipFraction,
  },
];

/** What a chart reads of a training: a new event that changes none of it draws nothing anew. */
export type Drawn = Pick<Training, "steps" | "scores" | "lines" | "rewinds">;

/** @param other a second training, or null */
export function chartsOf(training: Drawn, other: Drawn | null): readonly Chart[] {
  return [scoreChart(training, other), ...FIGURES.map((figure) => figureChart(figure, training, other))];
}

/** The last step that any chart shows, taken back or not. */
export function lastStep(...trainings: readonly Drawn[]): number {
  return Math.max(
    0,
    ...trainings.flatMap(({ steps, scores, rewinds }) => [
      steps.length - 1,
      scores.at(-1)?.step ?? 0,
      ...rewinds.map(({ from }) => from),
    ]),
  );
}

function figureChart(figure: Figure, training: Drawn, other: Drawn | null): Chart {
  const { id, title, field, about, empty, format, name = title, second } = figure;
  const series = [
    seriesOf({ ...figure, name }, "own", training.steps),
    ...(second === undefined ? [] : [seriesOf({ ...figure, ...second }, "second", training.steps)]),
    ...(other === null ? [] : [seriesOf({ ...figure, name: `${name}, other training` }, "other", other.steps)]),
  ];
  const gone = training.rewinds
    .map(({ steps }) => steps.flatMap((step) => pointOf(figure, step) ?? []))
    .filter(({ length }) => length > 0);
  const values = [...series.map(({ points }) => points), ...gone].flat();
  return {
    ...{ id, title, field, about, format, series, gone, lines: [], crossing: null, isSparse: false },
    empty: training.steps.length > 0 ? (empty ?? "The steps have no such figure.") : NO_STEP,
    range: rangeOf(figure, values),
  };
}

function seriesOf(figure: Figure & { readonly name: string }, look: Look, steps: readonly TrainingStep[]): Series {
  const { name, label = "", format, spreadOf } = figure;
  const series = { name, label, look, points: steps.flatMap((step) => pointOf(figure, step) ?? []) };
  if (spreadOf === undefined) return series;
  const text = ({ value, high = value }: Point): string => `${format(value)} ± ${format(high - value)}`;
  return { ...series, text };
}

function pointOf({ of, spreadOf }: Figure, step: TrainingStep): Point | null {
  const value = of(step);
  if (value === null) return null;
  const half = spreadOf?.(step) ?? null;
  const point = { step: step.event.step, value };
  return half === null ? point : { ...point, low: value - half, high: value + half };
}

function rangeOf({ range }: Figure, points: readonly Point[]): readonly [number, number] {
  const largest = Math.max(0, ...points.map(({ value }) => Math.abs(value)));
  switch (range) {
    case "share":
      return [0, 1];
    case "reward":
      // A length penalty makes rewards of less than 0.
      return [points.some(({ value }) => value < 0) ? -1 : 0, 1];
    case "from 0":
      return [0, roundAbove(largest)];
    case "about 0":
      return [-roundAbove(largest), roundAbove(largest)];
  }
}
