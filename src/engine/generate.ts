/** @file Requests into tokens with their text. Leaves out how rows are batched (batch.ts). */
import { type GenerateRequest, ModelError, type SampledToken, type Stop } from "../cat/models.ts";
import { runBatch } from "./run-batch.ts";
import { planBatch } from "./memory-plan.ts";
import type { Job } from "./row.ts";
import type { Session } from "./session.ts";
import { TextStream } from "./text-stream.ts";
import type { Tokenizer } from "./tokenizer.ts";

export interface Decoder {
  readonly session: Session;
  readonly tokenizer: Tokenizer;
  readonly contextLength: number;
}

/** As `LanguageModel.generate`. */
export async function* generate(
  decoder: Decoder,
  requests: readonly GenerateRequest[],
  stop?: Stop,
): AsyncGenerator<SampledToken, void> {
  const { session, tokenizer } = decoder;
  const { endTokens } = tokenizer;
  const prompts = requests.map((request) => encodePrompt(decoder, request));
  const plan = planBatch(session, {
    rows: requests.reduce((sum, { n }) => sum + n, 0),
    tokens: Math.max(...requests.map(({ maxTokens }, index) => prompts[index]!.length + maxTokens)),
    prompt: Math.max(...prompts.map(({ length }) => length)),
  });
  const jobs = requests.map((request, index): Job => {
    const prompt = prompts[index]!;
    const maxTokens = Math.min(request.maxTokens, plan.tokens - prompt.length);
    const vocabulary = request.grammar === undefined ? null : tokenizer.vocabulary;
    return { index, request, prompt, endTokens, maxTokens, vocabulary };
  });
  const streams = requests.map(({ n }) => Array.from({ length: n }, () => new TextStream(tokenizer)));
  for await (const token of runBatch(session, jobs, plan, { stop })) {
    yield { ...token, text: textOf(streams[token.request]![token.row]!, token) };
  }
}

/** @throws {ModelError} `prompt-too-long`, `prompt-empty` */
export function encodePrompt(
  { tokenizer, contextLength }: Decoder,
  { prompt, maxTokens }: Pick<GenerateRequest, "prompt" | "maxTokens">,
): number[] {
  const tokens = tokenizer.encode(prompt);
  const room = contextLength - maxTokens;
  if (tokens.length === 0) throw new ModelError("prompt-empty", "The prompt is empty. Write a question first.");
  if (tokens.length <= room) return tokens;
  const what = `The prompt has ${tokens.length} tokens, but only ${room} fit`;
  const why = `${contextLength} of the model less ${maxTokens} for the answer`;
  throw new ModelError("prompt-too-long", `${what} (${why}). Shorten it, or use fewer or shorter rollouts.`);
}

/** An end token has no text of its own, but it shows that what was held back is all there will be. */
function textOf(stream: TextStream, { token, ended }: Pick<SampledToken, "token" | "ended">): string {
  if (ended === "stop") return stream.finish();
  const text = stream.push(token);
  return ended === "length" ? text + stream.finish() : text;
}
