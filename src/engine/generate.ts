/**
 * @file The decode loop: one prefill a request, its cache copied to n rows, all rows of the request in one batch, ended rows
 * leave it. Leaves out batching across requests.
 */
import { type GenerateRequest, ModelError, type SampledToken, type Stop } from "../cat/models.ts";
import { copyRows, disposeKv, type Kv } from "./kv.ts";
import { RowNoise } from "./noise.ts";
import { Sampler } from "./sampler.ts";
import type { Forward, Session } from "./session.ts";
import { TextStream } from "./text-stream.ts";
import type { Tokenizer } from "./tokenizer.ts";

export interface Decoder {
  readonly session: Session;
  readonly tokenizer: Tokenizer;
  readonly contextLength: number;
}

/** One row that has not ended. */
interface LiveRow {
  readonly row: number;
  readonly noise: RowNoise;
  readonly text: TextStream;
  last: number;
}

/** As `LanguageModel.generate`. */
export async function* generate(
  decoder: Decoder,
  requests: readonly GenerateRequest[],
  stop?: Stop,
): AsyncGenerator<SampledToken, void> {
  const prompts = requests.map((request) => encodePrompt(decoder, request));
  for (const [index, request] of requests.entries()) {
    yield* answer(decoder, { index, request, prompt: prompts[index]! }, stop);
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

interface Job {
  readonly index: number;
  readonly request: GenerateRequest;
  readonly prompt: readonly number[];
}

async function* answer(decoder: Decoder, { index, request, prompt }: Job, stop?: Stop): AsyncGenerator<SampledToken> {
  const { session } = decoder;
  let rows: LiveRow[] = Array.from({ length: request.n }, (_, row) => ({
    row,
    noise: new RowNoise(request.noise, row),
    text: new TextStream(decoder.tokenizer),
    last: 0,
  }));
  stop?.throwIfAborted();
  let { logits, kv }: Forward = await session.forward([prompt], session.emptyKv());
  const sampler = new Sampler(logits.length);
  const vocabulary = logits.length;
  try {
    for (let step = 0; ; step++) {
      stop?.throwIfAborted();
      const kept: number[] = [];
      for (const [place, row] of rows.entries()) {
        // All rows start from the one prefill.
        const start = step === 0 ? 0 : place * vocabulary;
        row.noise.setStep(step);
        const draw = sampler.draw(logits.subarray(start, start + vocabulary), request.sampling, row.noise);
        row.last = draw.token;
        const ended = endedBy(decoder, draw.token, { step, request });
        if (ended === null) kept.push(place);
        yield { request: index, row: row.row, ...draw, text: textOf(row, draw.token, ended), ended };
      }
      if (kept.length === 0) return;
      kv = regroup(session, kv, { places: kept, first: step === 0 });
      rows = kept.map((place) => rows[place]!);
      stop?.throwIfAborted();
      const next = await session.forward(
        rows.map(({ last }) => [last]),
        kv,
      );
      disposeKv(kv);
      ({ logits, kv } = next);
    }
  } finally {
    disposeKv(kv);
  }
}

/** The cache of the rows that go on; the old one is disposed of unless it can stay. */
function regroup({ runtime, graph }: Session, kv: Kv, { places, first }: { places: number[]; first: boolean }): Kv {
  if (kv.lengths.length === places.length) return kv;
  const regrouped = copyRows(
    runtime,
    graph,
    places.map((place) => ({ kv, row: first ? 0 : place })),
  );
  disposeKv(kv);
  return regrouped;
}

function endedBy(
  { tokenizer }: Decoder,
  token: number,
  { step, request }: { step: number; request: GenerateRequest },
): SampledToken["ended"] {
  if (tokenizer.endTokens.has(token)) return "stop";
  return step + 1 >= request.maxTokens ? "length" : null;
}

/** An end token has no text of its own, but it shows that what was held back is all there will be. */
function textOf(row: LiveRow, token: number, ended: SampledToken["ended"]): string {
  if (ended === "stop") return row.text.finish();
  const text = row.text.push(token);
  return ended === "length" ? text + row.text.finish() : text;
}
