/** @file One-token choices: how likely is each as the next token? Prefill only, so a verdict costs no decoding; what prompts in a row begin with is read once. */
import { ModelError, type Stop } from "../cat/models.ts";
import { type Decoder, encodePrompt } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { logTotal } from "./log-total.ts";
import { prefill } from "./prefill.ts";
import { headedRuns } from "./shared-head.ts";

/** As `LanguageModel.decide`. @throws {ModelError} `unexpected` if a choice is not one token, naming it; `prompt-too-long` */
export async function decide(
  decoder: Decoder,
  { prompts, choices }: { prompts: readonly string[]; choices: readonly string[] },
  stop?: Stop,
): Promise<number[][]> {
  const tokens = choices.map((choice) => oneToken(decoder, choice));
  const encoded = prompts.map((prompt) => encodePrompt(decoder, { prompt, maxTokens: 1 }));
  const table: number[][] = [];
  for (const { start, count, head } of headedRuns(encoded)) {
    stop?.throwIfAborted();
    const { session } = decoder;
    const past =
      head === 0 ? session.emptyKv() : (await prefill(session, encoded[start]!.slice(0, head), session.emptyKv())).kv;
    try {
      for (const prompt of encoded.slice(start, start + count)) {
        stop?.throwIfAborted();
        const { logits, kv } = await prefill(session, prompt.slice(head), past);
        disposeKv(kv);
        table.push(probabilities(logits, tokens));
      }
    } finally {
      disposeKv(past);
    }
  }
  return table;
}

function oneToken({ tokenizer }: Decoder, choice: string): number {
  const tokens = tokenizer.encode(choice);
  if (tokens.length === 1) return tokens[0]!;
  const message = `The choice ${JSON.stringify(choice)} is ${tokens.length} tokens for this model, not one. Choose other words.`;
  throw new ModelError("unexpected", message);
}

function probabilities(logits: Float32Array, tokens: readonly number[]): number[] {
  const total = logTotal(logits);
  return tokens.map((token) => Math.exp(logits[token]! - total));
}
