/** @file How likely is a given text, token by token? It is fed, not generated. Leaves out batching across texts: rows of a prefill behind a cache go one by one. */
import { type LikelyToken, ModelError, type ScoreRequest, type Stop, type TokenScores } from "../cat/models.ts";
import type { Decoder } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { logTotal } from "./log-total.ts";
import { likeliest } from "./likeliest.ts";
import { CHUNK } from "./self-test.ts";
import { TextStream } from "./text-stream.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** As `LanguageModel.score`. */
export async function score(decoder: Decoder, requests: readonly ScoreRequest[], stop?: Stop): Promise<TokenScores[]> {
  const texts = requests.map((request) => encode(decoder, request));
  const scores: TokenScores[] = [];
  for (const [i, text] of texts.entries()) {
    const { top } = requests[i]!;
    scores.push({ tokenIds: text.scored, ...(await read(decoder, { ...text, top }, stop)) });
  }
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
  const after = typeof continuation === "string" ? tokenizer.encode(continuation) : continuation;
  const tokens = before.length + after.length;
  if (tokens > contextLength) {
    const message = `The text has ${tokens} tokens, but the model reads ${contextLength}. Shorten it, or use fewer or shorter rollouts.`;
    throw new ModelError("prompt-too-long", message);
  }
  return before.length > 0 ? { given: before, scored: after } : { given: after.slice(0, 1), scored: after.slice(1) };
}

/** In chunks, because the logits of a position are as many as the vocabulary. @returns [scored] each */
async function read(
  { session, tokenizer }: Decoder,
  { given, scored, top: count }: Text & { readonly top: number | undefined },
  stop?: Stop,
): Promise<Omit<TokenScores, "tokenIds">> {
  const logprobs: number[] = [];
  const top: LikelyToken[][] = [];
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
        const total = logTotal(logits);
        logprobs.push(logits[target]! - total);
        if (count === undefined) continue;
        top.push(
          likeliest(logits, count).map((token) => ({
            token,
            text: tokenizer.decode([token]).replaceAll("\ufffd", ""),
            logprob: logits[token]! - total,
          })),
        );
      }
    }
  } finally {
    disposeKv(kv);
  }
  return count === undefined ? { logprobs } : { logprobs, top, texts: textsOf(tokenizer, scored) };
}

function textsOf(tokenizer: Tokenizer, tokens: readonly number[]): string[] {
  const stream = new TextStream(tokenizer);
  return tokens.map((token, i) => {
    const text = tokenizer.endTokens.has(token) ? "" : stream.push(token);
    return i === tokens.length - 1 ? text + stream.finish() : text;
  });
}
