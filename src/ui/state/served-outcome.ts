/** @file What came of trying a server, as sentences. */
import { duration } from "../numbers.ts";
import type { Trial } from "./served-roles.svelte.ts";

export function outcomeOf(trial: Trial | undefined): string {
  if (trial === undefined) return "";
  if (trial.phase === "trying") return "Asking the server …";
  if (trial.phase === "failed") return trial.message;
  const { models, tellsProbabilities, ms } = trial.report;
  const list =
    models === null
      ? "It lists no models; type the name that it was started with."
      : `It has ${models.length === 1 ? "one model" : `${models.length} models`}: ${models.slice(0, 8).join(", ")}${models.length > 8 ? " …" : ""}.`;
  if (ms === null) return `The server answers. ${list}`;
  const tells =
    tellsProbabilities === true
      ? "It tells how likely its answers were."
      : "It tells no probabilities: yes and no are read from its replies, and there is no perplexity or entropy.";
  return `The model answered in ${duration(ms)}. ${tells} ${models === null ? "" : list}`.trim();
}
