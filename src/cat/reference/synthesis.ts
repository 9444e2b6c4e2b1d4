/**
 * @file Synthesis: the frozen anchor reads the rollouts and writes one new answer (v3 §3.1; v1 calls it CaT).
 * Differences: (1) the anchor writes greedily, the paper samples; (2) text that could end its frame is defused (prompts.ts).
 */
import { extractFunction } from "../../verify/code/extract.ts";
import type { GroupEvent } from "../../run/event.ts";
import { finalAnswer } from "../answer.ts";
import type { LanguageModel, Sampling, Stop } from "../models.ts";
import { type CatOptions, noise } from "../options.ts";
import { synthesisPrompt } from "../prompts.ts";
import { withoutThinking } from "../thinking.ts";
import type { Aggregator, Group, Reference, TaskKind } from "../types.ts";

const GREEDY: Sampling = { temperature: 0, topK: null, topP: null };
/** A second attempt at temperature 0 would repeat the first. */
const RETRY: Sampling = { temperature: 0.7, topK: null, topP: null };

/** The anchor is never shown the task: there is no parameter that could carry it. */
export async function* synthesize(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  return yield* writeReference("synthesis", group, anchor, options, stop);
}

/** Control: the anchor given rollout 0 alone. What this gains is proofreading, not merging. */
export async function* synthesizeOne(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  const first = { ...group, rollouts: group.rollouts.slice(0, 1) };
  return yield* writeReference("synthesisOfOne", first, anchor, options, stop);
}

/** Control: the anchor given the rollouts of another problem. */
export async function* synthesizeStrangers(
  strangers: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  return yield* writeReference("synthesisOfStrangers", strangers, anchor, options, stop);
}

/** A second attempt, for a reference that did not run (executed.ts). */
export async function* synthesizeAgain(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  return yield* writeReference("synthesisExecuted", group, anchor, options, stop, RETRY);
}

async function* writeReference(
  aggregator: Aggregator,
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
  sampling: Sampling = GREEDY,
): AsyncGenerator<GroupEvent, Reference> {
  const start = options.now();
  const messages = synthesisPrompt(anchor, group.kind, group.rollouts);
  const rendered = anchor.render(messages);
  yield {
    type: "prompt.sent",
    role: "anchor",
    purpose: "synthesis",
    rollout: null,
    criterion: null,
    messages,
    rendered,
  };

  let text = "";
  let ended: Reference["ended"] = "stop";
  let tokens = 0;
  const { maxTokens } = options;
  const request = { prompt: rendered, n: 1, noise: noise(options, "synthesis", 0), sampling, maxTokens };
  for await (const token of anchor.generate([request], stop)) {
    text += token.text;
    tokens += 1;
    ended = token.ended ?? ended;
    yield { type: "reference.delta", aggregator, text: token.text };
  }
  const reference: Reference = { aggregator, chosen: null, text: withoutThinking(text), ended };
  const extracted = answerIn(reference, group.kind);
  yield { type: "reference.finished", ...reference, extracted, tokens, ms: options.now() - start };
  return reference;
}

/** The part of a reference that the rewards look at; null when it is missing, or when they look at all of it. */
function answerIn(reference: Reference, kind: TaskKind): string | null {
  if (kind === "open") return null;
  return kind === "math" ? finalAnswer(reference) : (extractFunction(reference.text)?.source ?? null);
}
