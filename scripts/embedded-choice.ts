/** @file Which embedded models and which held-out items a benchmark takes; the same in Node and in a page. */
import type { Item } from "../src/bench/item.ts";
import type { Manifest, ModelEntry } from "../src/models/manifest.ts";

/** The embedded model that plays policy and anchor in a domain. @throws Error when there is none. */
export function embeddedFor({ models }: Manifest, domain: string): ModelEntry {
  const fits = ({ embedded, roles, domains }: ModelEntry) =>
    embedded && roles.includes("policy") && domains.includes(domain);
  const entry = models.find(fits);
  if (entry === undefined) throw new Error(`no embedded model answers ${domain}: see models/manifest.json`);
  return entry;
}

/** Advice is judged, and what it says is read with a key; the other domains need neither. */
export function isJudged(domain: string): boolean {
  return domain === "advice";
}

/** @throws RangeError if there are fewer. */
export function firstItems(heldOut: readonly Item[], wanted: number): readonly Item[] {
  if (wanted > heldOut.length) throw new RangeError(`there are ${heldOut.length} held-out items, fewer than ${wanted}`);
  return heldOut.slice(0, wanted);
}
