/** @file Reads the answers of a group: where steps come from, what is like a criterion, what to know before trusting. A chunk of its own, with all of the checker in it; reader.svelte.ts fetches it. */
import { mostAlike } from "../../cat/provenance/alike.ts";
import type { Mark } from "./sources.ts";

export { provenance } from "../../cat/provenance/provenance.ts";
export { flagsFor } from "./flags.ts";

/** What a criterion lights: in each answer the sentences most alike to it; what it asks for need not be in them. */
export function marksOfCriterion(text: string, rollouts: readonly string[]): readonly Mark[] {
  return mostAlike(text, rollouts).map((at) => ({ stance: null, spans: at === null ? [] : [at] }));
}
