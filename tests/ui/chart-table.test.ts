/** @file The table of a chart: nothing that is drawn is missing in it, and its file reads back. */
import { expect, test } from "vitest";
import { applyToTraining, emptyTraining } from "../../src/run/training.ts";
import { chartCsv, tableOf } from "../../src/ui/state/chart-table.ts";
import { chartsOf } from "../../src/ui/state/training-charts.ts";
import { MadeTraining } from "../run/made-training.ts";

const training = new MadeTraining()
  .lines(0.4, 0.6, null, 0.7, 0.03)
  .step(0, { kl: 0.1 })
  .step(1, { kl: 0.2 })
  .score(2, 0.5, 0.04)
  .add({ type: "rewound", step: 1 })
  .step(1, { kl: 0.3 })
  .log.reduce(applyToTraining, emptyTraining());
const other = new MadeTraining().step(0, { kl: 0.7 }).log.reduce(applyToTraining, emptyTraining());

const [score, reward, kl] = chartsOf(training, other);

test("fixed lines first, then step by step; what was taken back says so", () => {
  expect(tableOf(score!)).toEqual({
    columns: ["single sample", "single sample, other training"],
    rows: [
      { step: null, note: "initial teacher (synthesis)", cells: ["70 ± 3 %", ""] },
      { step: null, note: "initial greedy", cells: ["60 ± 3 %", ""] },
      { step: null, note: "initial single sample", cells: ["40 ± 3 %", ""] },
      { step: 0, note: "", cells: ["40 ± 3 %", ""] },
      { step: 2, note: "taken back", cells: ["50 ± 4 %", ""] },
    ],
  });
  expect(tableOf(kl!).rows).toEqual([
    { step: 0, note: "", cells: ["0.1", "0.7"] },
    { step: 1, note: "taken back", cells: ["0.2", ""] },
    { step: 1, note: "", cells: ["0.3", ""] },
  ]);
});

test("the file has every digit, as many cells in each row, errors in columns of their own", () => {
  const read = (csv: string) =>
    csv
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
  const rows = read(chartCsv(score!));
  expect(rows[0]).toEqual([
    ...['"step"', '"note"', '"single sample"', '"± single sample"'],
    ...['"single sample, other training"', '"± single sample, other training"'],
  ]);
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([6]));
  expect(rows[5]).toEqual(["2", '"taken back"', "0.5", "0.04", "", ""]);
  expect(read(chartCsv(kl!))[1]).toEqual(["0", "", "0.1", "0.7"]);
  expect(read(chartCsv(reward!))[1]!.slice(0, 4)).toEqual(["0", "", "0.5", "0.3"]);
});
