/** @file Where in its place a chart is drawn: the same for the drawing, for the cursor over it and for the pointer. */
import type { Chart } from "./chart.ts";

/** Space around a drawing, px. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly margins: Margins;
  /** Step at the right end of the axis; all charts have the same. */
  readonly end: number;
  /** Labels have their full names. */
  readonly isWide: boolean;
}

/** Heights are fixed, so that nothing jumps. Only the chart with fixed lines has labels at its right, also before there are any. */
export function frameOf({ isSparse }: Pick<Chart, "isSparse">, width: number, end: number): Frame {
  const isWide = width >= 560;
  if (!isSparse) return { width, height: 148, margins: { left: 54, right: 16, top: 10, bottom: 26 }, end, isWide };
  const margins = { left: 46, right: isWide ? 226 : 104, top: 26, bottom: 28 };
  return { width, height: isWide ? 340 : 300, margins, end, isWide };
}

/** From the left edge of the drawing, px. */
export function placeOf(step: number, { width, margins, end }: Frame): number {
  return margins.left + (step / end) * Math.max(0, width - margins.left - margins.right);
}

/** Of `stops` the one that lies nearest to a place; null of none. */
export function nearestStop(stops: readonly number[], place: number, frame: Frame): number | null {
  const away = (stop: number) => Math.abs(placeOf(stop, frame) - place);
  return stops.reduce<number | null>((a, b) => (a === null || away(b) < away(a) ? b : a), null);
}
