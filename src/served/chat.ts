/** @file The chat requests that we send and the parts of the answers that we read, as OpenAI-compatible servers have them. Leaves out sending. */
import * as v from "valibot";
import type { Message, Sampling } from "../cat/models.ts";

const tokenSchema = v.looseObject({
  token: v.string(),
  logprob: v.number(),
  top_logprobs: v.nullish(v.array(v.looseObject({ token: v.string(), logprob: v.number() }))),
});

/** Thinking stands in a field of its own, whose name differs. */
const messageSchema = v.looseObject({
  content: v.nullish(v.string()),
  reasoning_content: v.nullish(v.string()),
  reasoning: v.nullish(v.string()),
});

const choiceSchema = v.looseObject({
  delta: v.nullish(messageSchema),
  message: v.nullish(messageSchema),
  finish_reason: v.nullish(v.string()),
  logprobs: v.nullish(v.looseObject({ content: v.nullish(v.array(tokenSchema)) })),
});

/** One piece of a streamed answer, or a whole one. */
export const replySchema = v.looseObject({
  choices: v.optional(v.array(choiceSchema), []),
  usage: v.nullish(v.looseObject({ completion_tokens: v.nullish(v.number()) })),
  error: v.nullish(v.union([v.string(), v.looseObject({ message: v.nullish(v.string()) })])),
});

export const modelsSchema = v.looseObject({ data: v.array(v.looseObject({ id: v.string() })) });

export type Reply = v.InferOutput<typeof replySchema>;
export type Choice = Reply["choices"][number];

export interface ChatQuestion {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** 0..2³¹−1. */
  readonly seed: number;
  readonly stream: boolean;
  /** How many likely tokens are wanted at each place beside the one that was drawn. */
  readonly top: number;
}

/**
 * @param plain only what every server takes: without seed, log-probabilities, top-k and the count of tokens.
 */
export function chatBody(question: ChatQuestion, plain: boolean): object {
  const { model, messages, sampling, maxTokens, seed, stream, top } = question;
  const { temperature, topK, topP, repetitionPenalty } = sampling;
  const body = { model, messages, stream, max_tokens: maxTokens, temperature, top_p: topP ?? 1 };
  if (plain) return body;
  return {
    ...body,
    seed,
    logprobs: true,
    ...(top > 0 ? { top_logprobs: top } : {}),
    ...(topK === null ? {} : { top_k: topK }),
    ...(repetitionPenalty === undefined ? {} : { repetition_penalty: repetitionPenalty }),
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  };
}

/** What a choice says: its text, and what was thought before, apart. */
export function partsOf({ delta, message }: Choice): { readonly text: string; readonly thought: string } {
  const said = delta ?? message;
  return { text: said?.content ?? "", thought: said?.reasoning_content ?? said?.reasoning ?? "" };
}
