/** @file Unions of intervals: joined where they touch, put in order, compared end by end. */
import { approximate } from "./approximate.ts";
import type { Answer, Interval } from "./answer.ts";
import { infinity } from "./brackets.ts";
import { both } from "./collections.ts";
import { identical, type Verdict } from "./identity.ts";
import { letters, type Tree } from "./tree.ts";
import type { Work } from "./work.ts";

export function compareRegions(a: readonly Interval[], b: readonly Interval[], work: Work): Verdict {
  const [x, y] = [joined(a, work), joined(b, work)];
  if (x === null || y === null) return { equal: null, rule: "ends that could not be put in order" };
  if (x.length !== y.length) return { equal: false, rule: `${x.length} intervals against ${y.length}` };
  let result: Verdict = { equal: true, rule: "same intervals" };
  for (const [i, interval] of x.entries()) {
    const other = y[i]!;
    result = both(result, compareEnds(interval.low, other.low, work), "lower end");
    result = both(result, compareEnds(interval.high, other.high, work), "upper end");
    const sameKind = interval.lowClosed === other.lowClosed && interval.highClosed === other.highClosed;
    if (!sameKind) result = both(result, { equal: false, rule: "open in one, closed in the other" }, "ends");
  }
  return result;
}

function compareEnds(a: Tree | null, b: Tree | null, work: Work): Verdict {
  if (a === null || b === null)
    return a === b ? { equal: true, rule: "infinite" } : { equal: false, rule: "finite in one only" };
  return identical(a, b, work);
}

/** A pair in round brackets against an interval: read as an open interval. */
export function compareIntervals(
  a: Extract<Answer, { kind: "tuple" }>,
  intervals: readonly Interval[],
  compare: (a: Answer, b: Answer) => Verdict,
  work: Work,
): Verdict {
  const [low, high] = a.items;
  const different: Verdict = { equal: false, rule: "a tuple against intervals" };
  if (a.items.length !== 2 || low?.kind !== "value" || high?.kind !== "value") return different;
  if (a.open === "(" && a.close === ")" && infinity(low.tree) === 0 && infinity(high.tree) === 0) {
    return compareRegions([{ low: low.tree, lowClosed: false, high: high.tree, highClosed: false }], intervals, work);
  }
  const [only] = intervals;
  if (intervals.length !== 1 || only === undefined) return different;
  const apart = isApart(low, only.low, -1, compare) || isApart(high, only.high, 1, compare);
  return apart ? different : { equal: null, rule: "brackets that make no interval" };
}

/** @param end null for the infinity of that side. */
function isApart(
  item: Answer & { kind: "value" },
  end: Tree | null,
  side: -1 | 1,
  compare: (a: Answer, b: Answer) => Verdict,
): boolean {
  return end === null ? infinity(item.tree) !== side : compare(item, { ...item, tree: end }).equal === false;
}

/** In order, overlaps joined. Ends with letters stay as they were written. @returns null when the ends have no real values. */
function joined(intervals: readonly Interval[], work: Work): readonly Interval[] | null {
  const ends = intervals.flatMap(({ low, high }) => [low, high]).filter((t) => t !== null);
  if (letters(...ends).length > 0) return intervals;
  const numeric = (tree: Tree | null, side: number) => {
    if (tree === null) return side * Infinity;
    const value = approximate(tree, { values: new Map(), complex: false }, work);
    return value === null || value.im !== 0 ? NaN : value.re;
  };
  const placed = intervals.map((interval) => ({
    interval,
    from: numeric(interval.low, -1),
    to: numeric(interval.high, 1),
  }));
  if (placed.some(({ from, to }) => Number.isNaN(from) || Number.isNaN(to))) return null;
  // An interval from high to low is a slip: it is no empty set, and nobody knows what it is.
  if (placed.some(({ from, to }) => from > to)) return null;
  placed.sort((a, b) => a.from - b.from || Number(b.interval.lowClosed) - Number(a.interval.lowClosed));
  const result: { interval: Interval; to: number }[] = [];
  for (const { interval, from, to } of placed) {
    const last = result.at(-1);
    const touches =
      last !== undefined && (from < last.to || (from === last.to && (interval.lowClosed || last.interval.highClosed)));
    if (!touches) result.push({ interval, to });
    else if (to > last.to || (to === last.to && interval.highClosed)) {
      result[result.length - 1] = {
        interval: { ...last.interval, high: interval.high, highClosed: interval.highClosed },
        to,
      };
    }
  }
  return result.map(({ interval }) => interval);
}
