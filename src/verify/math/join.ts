/** @file What several members say together: the values of one unknown, a region, values of several unknowns, or a plain list. */
import type { Answer, Interval } from "./answer.ts";

type Named = Extract<Answer, { kind: "named" }>;

/** "x = 2 or x = 7", "x < 1 or x > 2", "x > 2 and x < 5", "x = 2, y = 5". @returns null when that is more than one condition can hold. */
export function joinNamed(items: readonly Named[], isOr: boolean): Answer | null {
  const first = items[0]!;
  if (items.every(({ name }) => name === first.name)) {
    const regions = items.flatMap(({ value }) => (value.kind === "region" ? [value.intervals] : []));
    if (regions.length === 0) {
      return {
        ...first,
        value: plainList(
          items.map(({ value }) => value),
          false,
        ),
      };
    }
    if (regions.length < items.length) return null;
    if (isOr) return { ...first, value: { kind: "region", intervals: regions.flat() } };
    const between = regions.length === 2 ? intersection(regions[0]!, regions[1]!) : null;
    return between === null ? null : { ...first, value: { kind: "region", intervals: [between] } };
  }
  const named = new Map(items.map(({ name, value }) => [name, value]));
  return isOr || named.size < items.length ? null : { kind: "assignments", values: named };
}

/** One bound from below and one from above. In the wrong order they are an interval from high to low, which nothing equals. */
function intersection(a: readonly Interval[], b: readonly Interval[]): Interval | null {
  const [x, y] = [a[0], b[0]];
  if (a.length !== 1 || b.length !== 1 || x === undefined || y === undefined) return null;
  const [lower, upper] = x.low === null ? [y, x] : [x, y];
  if (lower.low === null || lower.high !== null || upper.low !== null || upper.high === null) return null;
  return { low: lower.low, lowClosed: lower.lowClosed, high: upper.high, highClosed: upper.highClosed };
}

/** "x = 2, 3": the name goes on. @returns null when the members are not that. */
export function continued(items: readonly Answer[]): Answer | null {
  const [first, ...rest] = items;
  if (first?.kind !== "named" || !rest.every(({ kind }) => kind === "value") || first.value.kind === "region")
    return null;
  return { ...first, value: plainList([first.value, ...rest], false) };
}

/** Lists within it are taken apart. @param ambiguous see {@link Answer}. */
export function plainList(items: readonly Answer[], ambiguous: boolean): Answer {
  return { kind: "list", items: items.flatMap((item) => (item.kind === "list" ? item.items : [item])), ambiguous };
}
