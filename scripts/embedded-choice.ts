/** @file What a benchmark takes in a domain: a judge or none, and which held-out items; the same in Node and in a page. */
import type { Item } from "../src/bench/item.ts";

/** Advice is judged, and what it says is read with a key; the other domains need neither. */
export function isJudged(domain: string): boolean {
  return domain === "advice";
}

/** @throws RangeError if there are fewer. */
export function firstItems(heldOut: readonly Item[], wanted: number): readonly Item[] {
  if (wanted > heldOut.length) throw new RangeError(`there are ${heldOut.length} held-out items, fewer than ${wanted}`);
  return heldOut.slice(0, wanted);
}
