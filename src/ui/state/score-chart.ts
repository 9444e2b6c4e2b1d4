/** @file The chart that a training is about: a single sample on held-out items beside what the policy could do as it started. */
import { outcomeOf } from "../../run/training-findings.ts";
import type { Evaluation, FixedLines, Training } from "../../run/training.ts";
import { percent } from "../numbers.ts";
import type { Chart, FixedLine, Point, Series } from "./chart.ts";

type Drawn = Pick<Training, "scores" | "lines" | "rewinds">;

/** In the order of a table; names are those of the methods. */
const LINES = [
  { key: "synthesis", name: "initial teacher (synthesis)", label: "initial teacher", short: "teacher" },
  { key: "greedy", name: "initial greedy", label: "initial greedy", short: "greedy" },
  { key: "majority", name: "initial majority", label: "initial majority", short: "majority" },
  { key: "single", name: "initial single sample", label: "initial single sample", short: "start" },
] as const satisfies readonly (Pick<FixedLine, "name" | "label" | "short"> & { readonly key: keyof FixedLines })[];

/** @param other a second training, or null */
export function scoreChart(training: Drawn, other: Drawn | null): Chart {
  const gone = training.rewinds.map(({ scores }) => scores.map(pointOf)).filter(({ length }) => length > 0);
  return {
    ...{ id: "score", title: "Held-out score of a single sample", field: "evaluation.score", format: percent, gone },
    about: "On problems that it is never trained on, with labels that no step can see. Bars are standard errors.",
    empty: "The policy has not been evaluated yet.",
    series: [
      seriesOf("single sample", "own", training.scores),
      ...(other === null ? [] : [seriesOf("single sample, other training", "other", other.scores)]),
    ],
    lines: linesOf(training.lines, other?.lines ?? null),
    crossing: crossingOf(training),
    ...{ range: [0, 1], isSparse: true },
  };
}

/** "83 ± 2 %". */
export function scoreText({ mean, se }: Evaluation["score"]): string {
  return `${Math.round(100 * mean)} ± ${percent(se)}`;
}

function seriesOf(name: string, look: Series["look"], scores: readonly Evaluation[]): Series {
  const text = ({ value, high = value }: Point): string => scoreText({ mean: value, se: high - value });
  return { name, label: "", look, points: scores.map(pointOf), text };
}

function pointOf({ step, score: { mean, se } }: Evaluation): Point {
  return { step, value: mean, low: mean - se, high: mean + se };
}

/** Of the other training its teacher alone, and where that is another one: two pictures of four lines are eight. */
function linesOf(lines: FixedLines, other: FixedLines | null): readonly FixedLine[] {
  const own = LINES.flatMap(({ key, ...names }): FixedLine[] => {
    const line = lines[key];
    return line === undefined ? [] : [{ key, ...names, value: line.score.mean, se: line.score.se }];
  });
  const [mine, theirs] = [lines.synthesis?.score, other?.synthesis?.score];
  if (theirs === undefined || theirs.mean === mine?.mean) return own;
  const names = { name: "initial teacher of the other", label: "other's teacher", short: "other's" };
  return [...own, { key: "other", ...names, value: theirs.mean, se: theirs.se }];
}

function crossingOf(training: Drawn): Point | null {
  const outcome = outcomeOf(training);
  return outcome.of === "crossed" ? pointOf(outcome.crossing.score) : null;
}
