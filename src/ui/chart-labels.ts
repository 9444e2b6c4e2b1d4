/** @file The names of lines at their right ends, each beside its line or led to it, so that none lies on another. A mark of Observable Plot's. */
import type { RenderFunction } from "@observablehq/plot";
import { spread } from "./state/chart-axis.ts";
import { type Chart, type Look, pointAt } from "./state/chart.ts";
import type { Frame } from "./state/chart-frame.ts";
import { scoreText } from "./state/score-chart.ts";

const GAP = 17;
const LED = 14;

interface Label {
  readonly value: number;
  readonly words: string;
  readonly color: string;
  readonly isStrong: boolean;
}

/** Of a chart with fixed lines: theirs, and what a single sample has now. */
export function lineLabels(chart: Chart, frame: Frame): RenderFunction {
  return (_index, scales, _values, { width, marginRight, marginTop, height, marginBottom }, { document }) => {
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    const labels = labelsOf(chart, frame);
    const places = labels.map(({ value }) => Number(scales.y?.(value)));
    const range = [marginTop + 4, Math.max(marginTop + 4, height - marginBottom)] as const;
    const left = width - marginRight;
    for (const [i, y] of spread(places, GAP, range).entries()) {
      const { words, color, isStrong } = labels[i]!;
      const lead = document.createElementNS(group.namespaceURI, "path");
      lead.setAttribute("d", `M${left + 1},${places[i]}L${left + LED - 2},${y}`);
      lead.setAttribute("fill", "none");
      lead.setAttribute("stroke", "var(--line)");
      const text = document.createElementNS(group.namespaceURI, "text");
      text.textContent = words;
      const attributes = {
        x: left + LED + 2,
        y,
        dy: "0.35em",
        fill: color,
        "text-anchor": "start",
        "font-weight": isStrong ? 600 : 400,
      };
      for (const [name, value] of Object.entries(attributes)) text.setAttribute(name, String(value));
      group.append(lead, text);
    }
    return group;
  };
}

const NOW: Readonly<Record<Look, { readonly name: string; readonly short: string; readonly color: string }>> = {
  own: { name: "student", short: "now", color: "var(--accent-strong)" },
  second: { name: "", short: "", color: "var(--contradict)" },
  other: { name: "other", short: "other", color: "var(--nobody)" },
};

function labelsOf({ isSparse, lines, series }: Chart, { isWide }: Frame): readonly Label[] {
  if (!isSparse) return [];
  const text = (mean: number, se: number): string => (isWide ? scoreText({ mean, se }) : `${Math.round(100 * mean)} %`);
  const fixed = lines.map(({ key, label, short, value, se }): Label => {
    const color = key === "other" ? NOW.other.color : key === "synthesis" ? "var(--ink)" : "var(--ink-2)";
    return { value, words: `${isWide ? label : short} ${text(value, se)}`, color, isStrong: key === "synthesis" };
  });
  const now = series.flatMap((one): Label[] => {
    const last = pointAt(one, Infinity);
    // At the start it is the fixed line.
    if (last === undefined || last.step === 0) return [];
    const { name, short, color } = NOW[one.look];
    const se = (last.high ?? last.value) - last.value;
    return [
      { value: last.value, words: `${isWide ? `${name} now` : short} ${text(last.value, se)}`, color, isStrong: true },
    ];
  });
  return [...fixed, ...now];
}
