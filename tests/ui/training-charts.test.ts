/** @file What the charts of a training are made of: every figure of every step, what was taken back apart, a second training beside it. */
import { expect, test } from "vitest";
import { applyToTraining, emptyTraining, type Training } from "../../src/run/training.ts";
import { type Chart, pointAt, pointText, stopsOf } from "../../src/ui/state/chart.ts";
import { chartsOf, lastStep } from "../../src/ui/state/training-charts.ts";
import { namesOf } from "../../src/ui/state/training-names.ts";
import { MadeTraining } from "../run/made-training.ts";
import { realTraining } from "../run/real-training.ts";

const fold = ({ log }: MadeTraining): Training => log.reduce(applyToTraining, emptyTraining());

/** Three steps, evaluated at the start and after two of them; the last is above the teacher. */
const made = () =>
  new MadeTraining()
    .lines(0.4, 0.6, 0.55, 0.7, 0.03)
    .step(0, { rewardMean: 0.5, rewardStd: 0.2, kl: 0 })
    .step(1, { rewardMean: 0.6, rewardStd: 0.3, kl: 0.0213 })
    .score(2, 0.75, 0.04)
    .step(2, { rewardMean: -0.25, rewardStd: 0.1, kl: 0.05 });

function chart(id: string, training: Training = fold(made()), other: Training | null = null): Chart {
  return chartsOf(training, other).find((one) => one.id === id)!;
}

test("a chart for the score and one for each figure, by the field's own name", () => {
  expect(chartsOf(fold(made()), null).map(({ field }) => field)).toEqual([
    ...["evaluation.score", "rewardMean ± rewardStd", "kl", "entropy", "meanTokens", "from equivalence or tests"],
    ...["fracRewardZeroStd", "loss", "gradNorm", "clipFraction"],
  ]);
});

test("the score stands with its error beside the four lines, and the crossing is marked", () => {
  const { series, lines, crossing, range } = chart("score");
  expect(series[0]!.points).toEqual([
    { step: 0, value: 0.4, low: 0.4 - 0.03, high: 0.4 + 0.03 },
    { step: 2, value: 0.75, low: 0.75 - 0.04, high: 0.75 + 0.04 },
  ]);
  expect(lines.map(({ key, value }) => [key, value])).toEqual([
    ["synthesis", 0.7],
    ["greedy", 0.6],
    ["majority", 0.55],
    ["single", 0.4],
  ]);
  expect(crossing?.step).toBe(2);
  expect(range).toEqual([0, 1]);
});

test("values are written with what belongs to them", () => {
  const said = (id: string) => {
    const one = chart(id);
    return pointText(one, one.series[0]!, one.series[0]!.points[1]!);
  };
  expect(["score", "reward", "kl", "tokens", "zero"].map(said)).toEqual([
    ...["75 ± 4 %", "0.6 ± 0.3", "0.0213", "40", "25 %"],
  ]);
});

test("of a training that was every chart has its points, inside its range", () => {
  for (const { id, series, range } of chartsOf(realTraining().training, null)) {
    expect(series[0]!.points.length, id).toBeGreaterThan(2);
    for (const { value } of series.flatMap(({ points }) => points)) {
      expect(value, id).toBeGreaterThanOrEqual(range[0]);
      expect(value, id).toBeLessThanOrEqual(range[1]);
    }
  }
});

test("rewards below 0 make room for themselves", () => {
  expect(chart("reward").range).toEqual([-1, 1]);
  expect(chart("reward", fold(new MadeTraining().step(0))).range).toEqual([0, 1]);
});

test("what was taken back is apart, and its place in the axis stays", () => {
  const training = fold(made().add({ type: "rewound", step: 1 }));
  const kl = chart("kl", training);
  expect(kl.series[0]!.points.map(({ step }) => step)).toEqual([0]);
  expect(kl.gone.map((points) => points.map(({ step }) => step))).toEqual([[1, 2]]);
  expect(chart("score", training).gone.map((points) => points.map(({ value }) => value))).toEqual([[0.75]]);
  expect(chart("score", training).crossing).toBeNull();
  expect(lastStep(training)).toBe(3);
});

test("an axis that has no end of its own is no microscope for the first steps", () => {
  const range = (kl: number) => chart("kl", fold(new MadeTraining().step(0, { kl }))).range;
  expect([range(0), range(0.00002), range(0.0213)]).toEqual([
    [0, 0.01],
    [0, 0.01],
    [0, 0.03],
  ]);
});

test("figures that nobody asked for are not 0: the chart is empty and says why", () => {
  const { series, empty } = chart("kl", fold(new MadeTraining().step(0, { kl: null })));
  expect(series[0]!.points).toEqual([]);
  expect(empty).toContain("coefficient is 0, or nothing was learnt");
  expect(chart("kl", emptyTraining()).empty).toBe("No step has been made yet.");
});

test("a second training lies over it, with its teacher where that is another", () => {
  const other = fold(new MadeTraining().lines(0.4, 0.6, 0.55, 0.8).step(0, { kl: 0.3 }));
  expect(chart("kl", fold(made()), other).series.map(({ look, points }) => [look, points.length])).toEqual([
    ["own", 3],
    ["other", 1],
  ]);
  expect(chart("kl", fold(made()), other).range).toEqual([0, 0.3]);
  expect(chart("score", fold(made()), other).lines.at(-1)).toMatchObject({ key: "other", value: 0.8 });
  expect(chart("score", fold(made()), fold(made())).lines).toHaveLength(4);
});

test("between two points a figure is what it was last", () => {
  const score = chart("score");
  expect(stopsOf(score)).toEqual([0, 2]);
  expect([0, 1, 2, 9].map((step) => pointAt(score.series[0]!, step)?.value)).toEqual([0.4, 0.4, 0.75, 0.75]);
});

test("two trainings are named by what they differ in", () => {
  const [own, other] = [fold(new MadeTraining()), fold(new MadeTraining({ reward: "random", kl: 0 }))];
  expect(namesOf(own.header, other.header)).toEqual({
    own: "this training (KL 0.01, reward cat)",
    other: "the other (KL 0, reward random)",
  });
  expect(namesOf(own.header, own.header).own).toMatch(/^this training \(.*2026.*\)$/);
});
