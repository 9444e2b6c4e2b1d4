/** @file A chart of a training as plain data: what is drawn, read out and put into its table. Knows no pixels. */

export interface Point {
  /** How many steps had been made. */
  readonly step: number;
  readonly value: number;
  /** Ends of its error bar or band; both left out where there is none. */
  readonly low?: number;
  readonly high?: number;
}

/** `other` is the second training; `second` a second figure of the same one. */
export type Look = "own" | "second" | "other";

export interface Series {
  /** Of its column in the table. */
  readonly name: string;
  /** Before its value, where there are two of one training; "" elsewhere. */
  readonly label: string;
  readonly look: Look;
  readonly points: readonly Point[];
  /** A value with its standard error or spread; the value alone where left out. */
  readonly text?: (point: Point) => string;
}

/** A value that the policy had as it started, drawn across. */
export interface FixedLine {
  readonly key: "single" | "greedy" | "majority" | "synthesis" | "other";
  readonly name: string;
  /** Beside the line. */
  readonly label: string;
  /** The same where there is little room. */
  readonly short: string;
  readonly value: number;
  readonly se: number;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** As the file of a run calls it. */
  readonly field: string;
  /** One sentence: what it is, or how to read it. */
  readonly about: string;
  /** Said in place of the points while there are none. */
  readonly empty: string;
  readonly format: (value: number) => string;
  readonly series: readonly Series[];
  /** What was gone back behind: drawn faintly, said in the table. */
  readonly gone: readonly (readonly Point[])[];
  readonly lines: readonly FixedLine[];
  /** Where the teacher was passed; null if it was not, or of another figure. */
  readonly crossing: Point | null;
  readonly range: readonly [low: number, high: number];
  /** Points stand apart, with error bars, and are as large as they are few. */
  readonly isSparse: boolean;
}

/** The last point at or before a step: what a figure was then. */
export function pointAt({ points }: Series, step: number): Point | undefined {
  return points.findLast((point) => point.step <= step);
}

/** Steps at which a chart has anything, in order. */
export function stopsOf({ series }: Chart): readonly number[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ step }) => step)))].toSorted((a, b) => a - b);
}

/** "83 ± 2 %", "0.62 ± 0.3", "40". */
export function pointText({ format }: Chart, { text }: Series, point: Point): string {
  return text === undefined ? format(point.value) : text(point);
}
