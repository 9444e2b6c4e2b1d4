/** @file How likely is a given text, token by token? It is fed, not generated. Leaves out batching across texts: rows of a prefill behind a cache go one by one. */
import { ModelError, type ScoreRequest, type Stop, type TokenScores } from "../cat/models.ts";
import type { Decoder } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { logTotal } from "./log-total.ts";
import { CHUNK } from "./self-test.ts";

/** As `LanguageModel.score`. */
export async function score(decoder: Decoder, requests: readonly ScoreRequest[], stop?: Stop): Promise<TokenScores[]> {
  const texts = requests.map((request) => encode(decoder, request));
  const scores: TokenScores[] = [];
  for (const text of texts) scores.push({ tokenIds: text.scored, logprobs: await read(decoder, text, stop) });
  return scores;
}

interface Text {
  /** Tokens that are only read, at least one if any is scored. */
  readonly given: readonly number[];
  readonly scored: readonly number[];
}

/** @throws {ModelError} `prompt-too-long` */
function encode({ tokenizer, contextLength }: Decoder, { prompt, continuation }: ScoreRequest): Text {
  const before = tokenizer.encode(prompt);
  const after = tokenizer.encode(continuation);
  const tokens = before.length + after.length;
  if (tokens > contextLength) {
    const message = `The text has ${tokens} tokens, but the model reads ${contextLength}. Shorten it, or use fewer or shorter rollouts.`;
    throw new ModelError("prompt-too-long", message);
  }
  return before.length > 0 ? { given: before, scored: after } : { given: after.slice(0, 1), scored: after.slice(1) };
}

/** In chunks, because the logits of a position are as many as the vocabulary. @returns [scored] */
async function read({ session }: Decoder, { given, scored }: Text, stop?: Stop): Promise<number[]> {
  const logprobs: number[] = [];
  let kv = session.emptyKv();
  try {
    for (let start = 0; start < scored.length; start += CHUNK) {
      stop?.throwIfAborted();
      const targets = scored.slice(start, start + CHUNK);
      // The last token of a chunk is fed with the next one: its own logits are of no use before.
      const fed = [...(start === 0 ? given : [scored[start - 1]!]), ...targets.slice(0, -1)];
      const next = await session.forward([fed], kv, targets.length);
      disposeKv(kv);
      kv = next.kv;
      const vocabulary = next.logits.length / targets.length;
      for (const [i, target] of targets.entries()) {
        const logits = next.logits.subarray(i * vocabulary, (i + 1) * vocabulary);
        logprobs.push(logits[target]! - logTotal(logits));
      }
    }
  } finally {
    disposeKv(kv);
  }
  return logprobs;
}
