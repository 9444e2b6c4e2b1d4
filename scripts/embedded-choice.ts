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

/** The same with the weights that a training starts from among its files. @throws Error when there are none. */
export function trainableFor(manifest: Manifest, domain: string): ModelEntry {
  const entry = embeddedFor(manifest, domain);
  const { trainable } = entry;
  if (trainable === undefined) throw new Error(`${entry.id} has no weights to train: see models/manifest.json`);
  return { ...entry, files: [...entry.files, trainable] };
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
