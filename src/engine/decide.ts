/** @file One-token choices: how likely is each as the next token? Prefill only, so a verdict costs no decoding. */
import { ModelError, type Stop } from "../cat/models.ts";
import { type Decoder, encodePrompt } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { logTotal } from "./log-total.ts";

/** As `LanguageModel.decide`. @throws {ModelError} `unexpected` if a choice is not one token, naming it; `prompt-too-long` */
export async function decide(
  decoder: Decoder,
  { prompts, choices }: { prompts: readonly string[]; choices: readonly string[] },
  stop?: Stop,
): Promise<number[][]> {
  const tokens = choices.map((choice) => oneToken(decoder, choice));
  const encoded = prompts.map((prompt) => encodePrompt(decoder, { prompt, maxTokens: 1 }));
  const table: number[][] = [];
  for (const prompt of encoded) {
    stop?.throwIfAborted();
    const { logits, kv } = await decoder.session.forward([prompt], decoder.session.emptyKv());
    disposeKv(kv);
    table.push(probabilities(logits, tokens));
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
