/** @file Numbers and tables of docs/results.md, as text. */
import type { Estimate } from "../../src/bench/statistics.ts";

/** A share as per cent, with its standard error when there is one; "–" when it could not be computed. */
export function percent(mean: number | null, se: number | null = null): string {
  if (mean === null) return "–";
  const value = `${(mean * 100).toFixed(1)} %`;
  return se === null ? value : `${(mean * 100).toFixed(1)} ± ${(se * 100).toFixed(1)} %`;
}

/** A ratio with its standard error; "–" when it could not be computed. */
export function ratio({ mean, se }: Estimate): string {
  if (mean === null) return "–";
  return se === null ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${se.toFixed(2)}`;
}

/** A Markdown table; cells are text already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) throw new RangeError("the median of nothing");
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
