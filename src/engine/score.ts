/** @file How likely is a given text, token by token? It is fed, not generated. Leaves out batching across texts: rows of a prefill behind a cache go one by one. */
import { type LikelyToken, ModelError, type ScoreRequest, type Stop, type TokenScores } from "../cat/models.ts";
import type { Decoder } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { type Likelihood, likelihoods } from "./likelihood.ts";
import { prefill } from "./prefill.ts";
import { renewing } from "./renewing.ts";
import type { Position } from "./session.ts";
import { TextStream } from "./text-stream.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Positions scored in one pass: their logits are as many each as the vocabulary. */
const SCORED = 32;

/** As `LanguageModel.score`. */
export async function score(decoder: Decoder, requests: readonly ScoreRequest[], stop?: Stop): Promise<TokenScores[]> {
  const texts = requests.map((request) => encode(decoder, request));
  const scores: TokenScores[] = [];
  for (const [i, { given, scored }] of texts.entries()) {
    const { top } = requests[i]!;
    const found = await renewing(decoder.session, () => read(decoder, { given, scored, top: top ?? 0 }, stop));
    const logprobs = found.map(({ logprob }) => logprob);
    scores.push({ tokenIds: scored, logprobs, ...(top === undefined ? {} : alternatives(decoder, scored, found)) });
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

/** In chunks, because the logits of a position are as many as the vocabulary. @returns [scored] */
async function read(
  { session }: Decoder,
  { given, scored, top }: Text & { readonly top: number },
  stop?: Stop,
): Promise<Likelihood[]> {
  const found: Likelihood[] = [];
  let kv = session.emptyKv();
  try {
    // The last of them is fed with what it is followed by.
    const before = given.slice(0, -1);
    if (before.length > 0) {
      const read = await prefill(session, before, kv, 0);
      read.logits.dispose();
      kv = read.kv;
    }
    for (let start = 0; start < scored.length; start += SCORED) {
      stop?.throwIfAborted();
      const targets = scored.slice(start, start + SCORED);
      // The last token of a chunk is fed with the next one: its own logits are of no use before.
      const fed = [start === 0 ? given.at(-1)! : scored[start - 1]!, ...targets.slice(0, -1)];
      const wanted = targets.map((_, i): Position => [0, i]);
      const next = await session.pass([fed], kv, wanted);
      disposeKv(kv);
      kv = next.kv;
      const asked = targets.map((token, place) => ({ place, token }));
      found.push(...(await likelihoods(session.runtime, next.logits, asked, top)));
    }
  } finally {
    disposeKv(kv);
  }
  return found;
}

function alternatives({ tokenizer }: Decoder, scored: readonly number[], found: readonly Likelihood[]) {
  const written = (token: number): string => tokenizer.decode([token]).replaceAll("\ufffd", "");
  const top = found.map(({ likeliest }) =>
    likeliest.map(({ token, logprob }): LikelyToken => ({ token, text: written(token), logprob })),
  );
  return { top, texts: textsOf(tokenizer, scored) };
}

function textsOf(tokenizer: Tokenizer, tokens: readonly number[]): string[] {
  const stream = new TextStream(tokenizer);
  return tokens.map((token, i) => {
    const text = tokenizer.endTokens.has(token) ? "" : stream.push(token);
    return i === tokens.length - 1 ? text + stream.finish() : text;
  });
}
