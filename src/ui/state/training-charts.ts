/** @file The charts of a training, and of a second one beside it: one for the held-out score, one for each figure of a step by the field's own name. */
import type { Training, TrainingStep } from "../../run/training.ts";
import type { Chart, Look, Point, Series } from "./chart.ts";
import { roundAbove } from "./chart-axis.ts";
import { scoreChart } from "./score-chart.ts";
import { type Figure, FIGURES } from "./training-figures.ts";

const NO_STEP = "No step has been made yet.";

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

function rangeOf({ range, least = 1 }: Figure, points: readonly Point[]): readonly [number, number] {
  const largest = Math.max(least, ...points.map(({ value }) => Math.abs(value)));
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
