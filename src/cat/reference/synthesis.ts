/**
 * @file Synthesis: the frozen anchor reads the rollouts and writes one new answer (v3 §3.1; v1 calls it CaT).
 * Differences: (1) the anchor writes greedily, the paper samples; (2) text that could end its frame is defused (prompts.ts).
 */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Sampling, Stop } from "../models.ts";
import { type CatOptions, GREEDY } from "../options.ts";
import { synthesisPrompt } from "../prompts.ts";
import type { Aggregator, Group, Reference } from "../types.ts";
import { writeReference } from "./write.ts";

/** A second attempt at temperature 0 would repeat the first. */
const RETRY: Sampling = { temperature: 0.7, topK: null, topP: null };

/** The anchor is never shown the task: there is no parameter that could carry it. */
export async function* synthesize(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  return yield* fromRollouts("synthesis", group, anchor, options, stop);
}

/** Control: the anchor given rollout 0 alone. What this gains is proofreading, not merging. */
export async function* synthesizeOne(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  const first = { ...group, rollouts: group.rollouts.slice(0, 1) };
  return yield* fromRollouts("synthesisOfOne", first, anchor, options, stop);
}

/** Control: the anchor given the rollouts of another problem. */
export async function* synthesizeStrangers(
  strangers: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  return yield* fromRollouts("synthesisOfStrangers", strangers, anchor, options, stop);
}

/** A second attempt, for a reference that did not run (executed.ts). */
export async function* synthesizeAgain(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  return yield* fromRollouts("synthesisExecuted", group, anchor, options, stop, RETRY);
}

async function* fromRollouts(
  aggregator: Aggregator,
  { kind, rollouts }: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
  sampling = GREEDY,
): AsyncGenerator<GroupEvent, Reference> {
  const messages = synthesisPrompt(anchor, kind, rollouts);
  return yield* writeReference({ aggregator, kind, messages, sampling }, anchor, options, stop);
}
