/** @file A reference that the anchor writes: one call, told as it grows. What the anchor is shown is the caller's affair. */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Message, Sampling, Stop } from "../models.ts";
import { type CatOptions, noise } from "../options.ts";
import { withoutThinking } from "../thinking.ts";
import type { Aggregator, Reference, TaskKind } from "../types.ts";
import { finished } from "./finished.ts";

interface Writing {
  readonly aggregator: Aggregator;
  readonly kind: TaskKind;
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
}

/** @throws what the model throws. */
export async function* writeReference(
  { aggregator, kind, messages, sampling }: Writing,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  const start = options.now();
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
  yield finished(aggregator, reference, kind, { tokens, ms: options.now() - start });
  return reference;
}
