/** @file Draws a chart with Observable Plot. A chunk of its own, since the library is as large as the rest of the page; state/drawer.svelte.ts fetches it. Colours are the theme's variables, so that light and dark need no second drawing. */
import {
  areaY,
  axisX,
  axisY,
  dot,
  gridY,
  lineY,
  type Markish,
  plot,
  rect,
  ruleX,
  ruleY,
  text,
} from "@observablehq/plot";
import { lineLabels } from "./chart-labels.ts";
import type { Chart, FixedLine, Look, Point, Series } from "./state/chart.ts";
import type { Frame } from "./state/chart-frame.ts";

/** Never told apart by colour alone. */
const LOOKS: Readonly<Record<Look, { color: string; dash?: string; symbol: "circle" | "square" }>> = {
  own: { color: "var(--accent)", symbol: "circle" },
  second: { color: "var(--contradict)", dash: "6 3", symbol: "square" },
  other: { color: "var(--nobody)", dash: "4 2", symbol: "square" },
};

const LINE_DASHES: Readonly<Record<FixedLine["key"], string | null>> = {
  synthesis: null,
  greedy: "7 4",
  majority: "2 4",
  single: "1 5",
  other: "7 4",
};

/** @param rewinds steps that were gone back to @returns to be put into the page; nothing in it is spoken, the table is */
export function drawChart(chart: Chart, frame: Frame, rewinds: readonly number[]): SVGSVGElement | HTMLElement {
  const { width, height, margins, end } = frame;
  const [low, high] = chart.range;
  return plot({
    ...{ width, height, className: "train-plot" },
    ...{ marginLeft: margins.left, marginRight: margins.right, marginTop: margins.top, marginBottom: margins.bottom },
    style: {
      fontSize: "12px",
      fontFamily: "var(--sans)",
      color: "var(--ink-3)",
      overflow: "visible",
      background: "none",
    },
    x: { domain: [0, end], label: null },
    y: { domain: [low, high], label: null },
    marks: [
      gridY({ ticks: ticksOf(frame), stroke: "var(--hairline)", strokeOpacity: 1 }),
      axisY({ ticks: ticksOf(frame), tickSize: 0, tickFormat: chart.format }),
      axisX({
        ticks: frame.width > 400 ? 6 : 4,
        tickSize: 0,
        tickFormat: (step: number) => (Number.isInteger(step) ? String(step) : ""),
      }),
      ruleX(rewinds, { stroke: "var(--line)", strokeDasharray: "1 3" }),
      ...fixedLines(chart.lines),
      ...chart.gone.map((points) =>
        lineY(points, { x: "step", y: "value", stroke: "var(--line)", strokeDasharray: "2 3" }),
      ),
      // The own training lies above the other.
      ...chart.series.toReversed().flatMap((series) => seriesMarks(series, chart)),
      ...crossingMarks(chart, frame),
      lineLabels(chart, frame),
    ],
  });
}

function ticksOf({ height }: Frame): number {
  return height > 200 ? 5 : 3;
}

function fixedLines(lines: readonly FixedLine[]): Markish[] {
  return lines.flatMap(({ key, value, se }): Markish[] => {
    const color = key === "other" ? LOOKS.other.color : key === "synthesis" ? "var(--ink)" : "var(--line)";
    const dash = LINE_DASHES[key];
    const line = ruleY([value], {
      stroke: color,
      strokeWidth: 1.25,
      ...(dash === null ? {} : { strokeDasharray: dash }),
    });
    // What a score must leave behind it to be surely above the teacher.
    if (key !== "synthesis") return [line];
    const band = rect([value], { y1: value - se, y2: Math.min(1, value + se), fill: "var(--ink)", fillOpacity: 0.06 });
    return [band, line];
  });
}

function seriesMarks({ points, look }: Series, { isSparse, range }: Chart): Markish[] {
  const { color, dash, symbol } = LOOKS[look];
  const within = (value: number): number => Math.min(range[1], Math.max(range[0], value));
  const ends = {
    y1: ({ low, value }: Point) => within(low ?? value),
    y2: ({ high, value }: Point) => within(high ?? value),
  };
  const banded = points.filter(({ low }) => low !== undefined);
  const at = { x: "step", y: "value" };
  const dots = isSparse || points.length === 1 ? points : points.slice(-1);
  const errors = isSparse
    ? ruleX(banded, { x: "step", ...ends, stroke: color, strokeWidth: 1.5 })
    : areaY(banded, { x: "step", ...ends, fill: color, fillOpacity: 0.13 });
  return [
    // Two bands over each other would be neither.
    isSparse || look === "own" ? errors : null,
    lineY(points, { ...at, stroke: color, strokeWidth: 2, ...(dash === undefined ? {} : { strokeDasharray: dash }) }),
    dot(dots, { ...at, symbol, r: isSparse ? 3.5 : 2.5, fill: color, stroke: "var(--surface)", strokeWidth: 1 }),
  ];
}

function crossingMarks({ crossing }: Chart, { end, isWide }: Frame): Markish[] {
  if (crossing === null) return [];
  const at = { x: "step", y: "value" };
  const words = isWide ? `passes the teacher, step ${crossing.step}` : `step ${crossing.step}`;
  const textAnchor = crossing.step > 0.6 * end ? "end" : crossing.step < 0.2 * end ? "start" : "middle";
  return [
    dot([crossing], { ...at, r: 8, stroke: "var(--ink)", strokeWidth: 1.5 }),
    text([crossing], {
      ...{
        x: "step",
        y: ({ high, value }: Point) => high ?? value,
        text: () => words,
        dy: -8,
        lineAnchor: "bottom",
        textAnchor,
      },
      ...{ fill: "var(--ink)", fontWeight: 600, stroke: "var(--surface)", strokeWidth: 3 },
    }),
  ];
}
