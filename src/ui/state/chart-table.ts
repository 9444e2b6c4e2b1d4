/** @file A chart as a table: for whoever reads numbers rather than lines, and for spreadsheets. */
import { type Chart, type Point, pointText, type Series } from "./chart.ts";
import { scoreText } from "./score-chart.ts";

export interface TableRow {
  /** `null` of a fixed line, which is of no step. */
  readonly step: number | null;
  /** What the row is of, where it is not a step that stands. */
  readonly note: string;
  /** A cell a series; "" where there is nothing. */
  readonly cells: readonly string[];
}

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

const TAKEN_BACK = "taken back";

export function tableOf(chart: Chart): ChartTable {
  const { series, lines } = chart;
  const [own, ...others] = series;
  const blank = others.map(() => "");
  return {
    columns: series.map(({ name }) => name),
    rows: [
      ...lines.map(({ name, value, se }) => {
        const text = scoreText({ mean: value, se });
        return { step: null, note: name, cells: [text, ...blank] };
      }),
      ...stepsOf(chart).flatMap(({ step, points, gone }) => [
        ...gone.map((point) => ({ step, note: TAKEN_BACK, cells: [pointText(chart, own!, point), ...blank] })),
        ...(points.every((point) => point === undefined)
          ? []
          : [{ step, note: "", cells: points.map((point, i) => cellOf(chart, series[i]!, point)) }]),
      ]),
    ],
  };
}

/** The same with all digits, RFC 4180: errors and spreads in columns of their own. */
export function chartCsv(chart: Chart): string {
  const { series, lines } = chart;
  const halves = series.map(({ text }) => text !== undefined);
  const numbers = (points: readonly (Point | undefined)[]): (number | "")[] =>
    points.flatMap((point, i) => {
      const value = point?.value ?? "";
      return halves[i] === true ? [value, point?.high === undefined ? "" : point.high - point.value] : [value];
    });
  const head = series.flatMap(({ name }, i) => (halves[i] === true ? [name, `± ${name}`] : [name]));
  const rows = [
    ["step", "note", ...head],
    ...lines.map(({ name, value, se }) => ["", name, ...numbers([{ step: 0, value, high: value + se }])]),
    ...stepsOf(chart).flatMap(({ step, points, gone }) => [
      ...gone.map((point) => [step, TAKEN_BACK, ...numbers([point])]),
      ...(points.every((point) => point === undefined) ? [] : [[step, "", ...numbers(points)]]),
    ]),
  ];
  // Every row has as many cells as the head.
  const whole = rows.map((cells) => [...cells, ...head.slice(cells.length - 2).map(() => "")]);
  return whole.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

/** All words are ours: no spreadsheet takes them for formulas. */
function csvCell(cell: string | number): string {
  return typeof cell === "number" ? String(Number(cell.toPrecision(12))) : cell === "" ? "" : `"${cell}"`;
}

interface StepPoints {
  readonly step: number;
  /** In the order of the series. */
  readonly points: readonly (Point | undefined)[];
  readonly gone: readonly Point[];
}

function stepsOf({ series, gone }: Chart): readonly StepPoints[] {
  const bySeries = series.map(({ points }) => new Map(points.map((point) => [point.step, point])));
  const taken = gone.flat();
  const steps = new Set([...bySeries.flatMap((points) => [...points.keys()]), ...taken.map(({ step }) => step)]);
  return [...steps]
    .toSorted((a, b) => a - b)
    .map((step) => ({
      step,
      points: bySeries.map((points) => points.get(step)),
      gone: taken.filter((point) => point.step === step),
    }));
}

function cellOf(chart: Chart, series: Series, point: Point | undefined): string {
  return point === undefined ? "" : pointText(chart, series, point);
}
