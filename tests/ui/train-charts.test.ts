/** @file The charts as they are without a browser: every one has a name, a description, its value, and a slider and a table to reach it by. The drawing itself is a browser's. */
import { render } from "svelte/server";
import { expect, test } from "vitest";
import { applyToTraining, emptyTraining, type Training } from "../../src/run/training.ts";
import ChartTable from "../../src/ui/parts/ChartTable.svelte";
import TrainCharts from "../../src/ui/panels/TrainCharts.svelte";
import { chartsOf } from "../../src/ui/state/training-charts.ts";
import { MadeTraining } from "../run/made-training.ts";

const fold = ({ log }: MadeTraining): Training => log.reduce(applyToTraining, emptyTraining());

const training = fold(
  new MadeTraining()
    .lines(0.4, 0.6, 0.55, 0.7)
    .step(0, { rewardMean: 0.5, rewardStd: 0.2 })
    .step(1, { rewardMean: 0.6, rewardStd: 0.3 })
    .score(2, 0.75)
    .step(2)
    .add({ type: "rewound", step: 2 }),
);

const bodyOf = (props: { training: Training; other?: Training }) => render(TrainCharts, { props }).body;
const wordsOf = (body: string) => body.replaceAll(/<!--.*?-->|<[^>]*>/gs, " ").replaceAll(/\s+/g, " ");

test("each chart has a heading, a sentence, its last value, a slider that speaks it, and a table", () => {
  const body = bodyOf({ training });
  const count = chartsOf(training, null).length;
  for (const part of [
    /<h3 /g,
    /role="slider"/g,
    /<details/g,
    /role="slider" tabindex="0" aria-label="[^"]+" aria-describedby=/g,
    /<section [^>]*aria-describedby=/g,
  ]) {
    expect(body.match(part), String(part)).toHaveLength(count);
  }
  expect(body).toContain('aria-valuetext="step 2: single sample 75 ± 2 %"');
  expect(body).toContain('aria-valuetext="step 1: Reward 0.6 ± 0.3"');
  expect(body).toMatch(/aria-valuemin="0" aria-valuemax="2"/);
  expect(wordsOf(body)).toContain("Gone back from step 3 to 2");
});

test("before anything has happened every chart says so, and nothing can be reached that is not there", () => {
  const body = bodyOf({ training: emptyTraining() });
  expect(body).not.toContain("slider");
  expect(wordsOf(body)).toContain("The policy has not been evaluated yet.");
  expect(wordsOf(body)).toContain("No step has been made yet.");
});

test("a second training has a legend, and its values beside", () => {
  const other = fold(new MadeTraining({ reward: "random" }).step(0, { rewardMean: 0.1, rewardStd: 0 }));
  const words = wordsOf(bodyOf({ training, other }));
  expect(words).toContain("this training (reward cat)");
  expect(words).toContain("the other (reward random)");
  expect(words).toMatch(/Reward, other training 0\.1 ± 0/);
});

test("in the table every step that stands can be opened, and what was taken back cannot", () => {
  const [score, reward] = chartsOf(training, null);
  const tableOf = (chart: typeof score) =>
    render(ChartTable, { props: { chart: chart!, onopen: () => undefined } }).body;
  expect([...tableOf(reward).matchAll(/Open step (\d)/g)].map(([, step]) => step)).toEqual(["0", "1"]);
  expect(wordsOf(tableOf(reward))).toMatch(/2 taken back/);
  expect(wordsOf(tableOf(score))).toContain("initial teacher (synthesis)");
  expect(tableOf(score)).toContain('scope="row"');
});
