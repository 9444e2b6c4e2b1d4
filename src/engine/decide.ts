/**
 * @file One-token choices: how likely is each as the next token? Prefill only, so a verdict costs no decoding; what prompts in a row begin
 * with is read once. Leaves out which beginnings are worth it (shared-head.ts).
 */
import { ModelError, type Stop } from "../cat/models.ts";
import { type Decoder, encodePrompt } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { likelihoods } from "./likelihood.ts";
import type { Logits } from "./logits.ts";
import { planBatch } from "./memory-plan.ts";
import { prefill } from "./prefill.ts";
import { renewing } from "./renewing.ts";
import { openRowCache } from "./row-cache.ts";
import type { Session } from "./session.ts";
import { type HeadedRun, headedRuns } from "./shared-head.ts";

/** Prompts, [prompts][tokens], and the choices, [choices] tokens. */
export interface Asking {
  readonly prompts: readonly (readonly number[])[];
  readonly choices: readonly number[];
}

/** As `LanguageModel.decide`. @throws {ModelError} `unexpected` if a choice is not one token, naming it; `prompt-too-long` */
export async function decide(
  decoder: Decoder,
  { prompts, choices }: { prompts: readonly string[]; choices: readonly string[] },
  stop?: Stop,
): Promise<number[][]> {
  const asking: Asking = {
    choices: choices.map((choice) => oneToken(decoder, choice)),
    prompts: prompts.map((prompt) => encodePrompt(decoder, { prompt, maxTokens: 1 })),
  };
  return decideTokens(decoder.session, asking, stop);
}

/** @returns [prompts][choices] probabilities */
export function decideTokens(session: Session, asking: Asking, stop?: Stop): Promise<number[][]> {
  // On a GPU a pass costs more than its tokens, on a CPU its tokens cost all (docs/decisions/0015). What is read in step needs something before it.
  const inStep = session.runtime.gpu !== null && asking.prompts.every(({ length }) => length > 1);
  const way = inStep ? decideTogether : decideApart;
  return renewing(session, () => way(session, asking, stop));
}

/** What is left of each prompt behind its head is read by itself, in one pass. */
export async function decideApart(session: Session, { prompts, choices }: Asking, stop?: Stop): Promise<number[][]> {
  const table: number[][] = [];
  for (const { start, count, head } of headedRuns(prompts)) {
    stop?.throwIfAborted();
    const past = session.emptyKv();
    const read = head === 0 ? null : await prefill(session, prompts[start]!.slice(0, head), past, 0);
    read?.logits.dispose();
    try {
      for (const prompt of prompts.slice(start, start + count)) {
        stop?.throwIfAborted();
        const { logits, kv } = await prefill(session, prompt.slice(head), read?.kv ?? past, 1);
        disposeKv(kv);
        table.push((await probabilities(session, logits, { places: [0], choices }))[0]!);
      }
    } finally {
      if (read !== null) disposeKv(read.kv);
    }
  }
  return table;
}

/** A prompt on its way through the batch. */
interface Cell {
  /** Among all prompts. */
  readonly index: number;
  /** Behind the head; read token by token, together with the others'. */
  readonly rest: readonly number[];
}

/** What is left of all prompts behind their heads is read in step: as many passes as the longest rest has tokens. */
export async function decideTogether(session: Session, asking: Asking, stop?: Stop): Promise<number[][]> {
  const { prompts } = asking;
  const { rows } = planBatch(session, {
    rows: prompts.length,
    tokens: Math.max(...prompts.map(({ length }) => length)),
    prompt: 0,
  });
  const table: number[][] = [];
  let waiting = headedRuns(prompts).flatMap((run) => inParts(run, rows));
  while (waiting.length > 0) {
    let room = rows;
    const fits = waiting.findIndex(({ count }) => (room -= count) < 0);
    const next = waiting.slice(0, fits === -1 ? undefined : fits);
    waiting = waiting.slice(next.length);
    for (const [index, row] of await readTogether(session, { ...asking, runs: next }, stop)) table[index] = row;
  }
  return table;
}

function inParts({ start, count, head }: HeadedRun, most: number): HeadedRun[] {
  return Array.from({ length: Math.ceil(count / most) }, (_, i) => {
    return { start: start + i * most, count: Math.min(most, count - i * most), head };
  });
}

/** @returns probabilities by index of the prompt */
async function readTogether(
  session: Session,
  { prompts, choices, runs }: Asking & { readonly runs: readonly HeadedRun[] },
  stop?: Stop,
): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  const cells: Cell[] = [];
  const cache = openRowCache(session);
  try {
    for (const { start, count, head: shared } of runs) {
      stop?.throwIfAborted();
      // A prompt by itself is its own head, but for the last token: that one is read in step.
      const head = shared === 0 ? prompts[start]!.length - 1 : shared;
      if (head > 0) (await cache.prefill(prompts[start]!.slice(0, head), 0)).dispose();
      cache.add(count);
      for (let index = start; index < start + count; index++) cells.push({ index, rest: prompts[index]!.slice(head) });
    }
    for (let at = 0; cells.length > 0; at++) {
      stop?.throwIfAborted();
      const places = cells.flatMap(({ rest }, place) => (rest.length === at + 1 ? [place] : []));
      const logits = await cache.step(
        cells.map(({ rest }) => [rest[at]!]),
        places,
      );
      const rows = await probabilities(session, logits, { places, choices });
      for (const [i, place] of places.entries()) found.set(cells[place]!.index, rows[i]!);
      for (const place of places.toReversed()) {
        cache.drop(place);
        const last = cells.pop()!;
        if (place < cells.length) cells[place] = last;
      }
    }
  } finally {
    cache.dispose();
  }
  return found;
}

function oneToken({ tokenizer }: Decoder, choice: string): number {
  const tokens = tokenizer.encode(choice);
  if (tokens.length === 1) return tokens[0]!;
  const message = `The choice ${JSON.stringify(choice)} is ${tokens.length} tokens for this model, not one. Choose other words.`;
  throw new ModelError("unexpected", message);
}

/** Takes over the logits, of these places. @returns [places][choices] */
async function probabilities(
  { runtime }: Session,
  logits: Logits,
  { places, choices }: { places: readonly number[]; choices: readonly number[] },
): Promise<number[][]> {
  const asked = places.flatMap((_, place) => choices.map((token) => ({ place, token })));
  if (asked.length === 0) {
    logits.dispose();
    return places.map(() => []);
  }
  const found = await likelihoods(runtime, logits, asked);
  const wide = choices.length;
  return places.map((_, i) => found.slice(i * wide, (i + 1) * wide).map(({ logprob }) => Math.exp(logprob)));
}
