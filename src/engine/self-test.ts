/**
 * @file Does this device compute the model rightly? Run on every load, since the known faults are silent: attention kernels that
 * are wrong on small subgroups (prompts of 32 tokens and more) or that ignore how long each row of a batch really is. Of trees no fault is known yet.
 * Leaves out speed and memory.
 */
import { ModelError } from "../cat/models.ts";
import { disposeKv, type Kv } from "./kv.ts";
import { CHUNK, pieces } from "./pieces.ts";
import { readTree } from "./read-tree.ts";
import { openRowCache } from "./row-cache.ts";
import type { Session } from "./session.ts";
import { tokenTrees } from "./token-tree.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Greedy answers that the recipe of a model found on a device it trusts (native CPU). The first tokens of each are checked. */
export interface KnownAnswers {
  /** Rendered by the chat template. */
  readonly prompt: string;
  readonly greedyTokenIds: readonly number[];
  readonly longPromptTokenIds33: readonly number[];
  readonly greedy33: readonly number[];
  readonly longPromptTokenIds130: readonly number[];
  readonly greedy130: readonly number[];
}

/**
 * Largest difference allowed, in standard deviations of the logits: the known fault reaches 0.2; rounding 0.00001, and in half precision 0.02
 * after 24 layers (measured).
 */
const TOLERANCE = { float32: 0.02, float16: 0.1 } as const;
/** Decode steps after each prompt. More would tell little: the known fault leaves the embedded model's greedy tokens as they are (measured). */
const STEPS = 3;
/** Prefill by FlashAttention begins at 32 tokens; pieces that stay below are the measure of what does not. */
const BELOW_FLASH = 26;

/** The part of a session that is tested. */
export type TestedSession = Pick<Session, "runtime" | "graph" | "emptyKv" | "forward" | "pass">;

/** A prompt and its continuation, computed at batch 1. */
interface Alone {
  readonly prompt: readonly number[];
  /** Logits after the prompt and after each of `tokens`. */
  readonly logits: readonly Float32Array[];
  readonly tokens: readonly number[];
  /** The largest by which another token was likelier than the known one. */
  readonly lead: number;
}

/** What the checks of a device that passed found: largest differences, in standard deviations of the logits. */
export interface SelfTestFigures {
  /** How much likelier another token was than the known one; `null`: no answers are known of the model. */
  readonly known: number | null;
  /** A prompt in one piece and in chunks. */
  readonly chunks: number;
  /** A row alone and in a batch of unequal rows. */
  readonly ragged: number;
  /** A text alone and beside another in one row; `null`: such rows are not read with this model. */
  readonly tree: number | null;
  /** What each may be. */
  readonly allowed: number;
}

/** @throws {ModelError} `self-test-failed`, saying which check failed and by how much */
export async function selfTest(
  session: TestedSession,
  tokenizer: Tokenizer,
  known: KnownAnswers | undefined,
): Promise<SelfTestFigures> {
  const asked =
    known === undefined ? null : await runAlone(session, tokenizer.encode(known.prompt), known.greedyTokenIds);
  const short = await runAlone(session, known?.longPromptTokenIds33 ?? madeUp(33), known?.greedy33);
  const long = await runAlone(session, known?.longPromptTokenIds130 ?? madeUp(130), known?.greedy130);
  const chunks = [await checkChunked(session, short, BELOW_FLASH), await checkChunked(session, long, CHUNK)];
  return {
    known: asked === null ? null : Math.max(asked.lead, short.lead, long.lead),
    chunks: Math.max(...chunks),
    ragged: await checkRagged(session, [short, long]),
    tree: session.graph.takesTree ? await checkTree(session, [long, short]) : null,
    allowed: TOLERANCE[session.graph.cacheType],
  };
}

/** Prefill in one piece, then greedy steps; where the answer is known, each step must choose its token or one as good. */
async function runAlone(session: TestedSession, prompt: readonly number[], known?: readonly number[]): Promise<Alone> {
  const first = await session.forward([prompt], session.emptyKv());
  const logits = [first.logits];
  const tokens: number[] = [];
  let past: Kv = first.kv;
  let most = 0;
  for (let step = 0; step < STEPS; step++) {
    const latest = logits.at(-1)!;
    const best = likeliest(latest);
    const expected = known?.[step] ?? best;
    const lead = (latest[best]! - latest[expected]!) / deviation(latest);
    if (!(lead <= TOLERANCE[session.graph.cacheType])) {
      fail(session, `token ${step} after ${prompt.length} known tokens is ${best} instead of ${expected}`, lead);
    }
    most = Math.max(most, lead);
    tokens.push(expected);
    const next = await session.forward([[expected]], past);
    disposeKv(past);
    past = next.kv;
    logits.push(next.logits);
  }
  disposeKv(past);
  return { prompt, logits, tokens, lead: most };
}

async function checkChunked(session: TestedSession, { prompt, logits }: Alone, size: number): Promise<number> {
  let past = session.emptyKv();
  let last: Float32Array = new Float32Array();
  for (const piece of pieces(prompt, size)) {
    const next = await session.forward([piece], past);
    disposeKv(past);
    past = next.kv;
    last = next.logits;
  }
  disposeKv(past);
  return compare(session, `a prompt of ${prompt.length} tokens in one piece and in chunks of ${size} disagree`, [
    logits[0]!,
    last,
  ]);
}

/** As rows decode in a run: on the GPU in place. */
async function checkRagged(session: TestedSession, alone: readonly Alone[]): Promise<number> {
  const cache = openRowCache(session);
  const differences: number[] = [];
  try {
    for (const { prompt } of alone) {
      (await cache.prefill(prompt, 0)).dispose();
      cache.add(1);
    }
    for (let step = 0; step < STEPS; step++) {
      const logits = await cache.step(alone.map(({ tokens }) => [tokens[step]!]));
      const { vocabulary } = logits;
      const values = await logits.read();
      for (const [row, { prompt, logits: expected }] of alone.entries()) {
        const batched = values.subarray(row * vocabulary, (row + 1) * vocabulary);
        const what = `step ${step} after ${prompt.length} tokens differs in a batch of unequal rows`;
        differences.push(compare(session, what, [expected[step + 1]!, batched]));
      }
    }
  } finally {
    cache.dispose();
  }
  return Math.max(...differences);
}

/** As a judge reads: the later text stands behind the other in one row, and may see of it only what both begin with. */
async function checkTree(session: TestedSession, alone: readonly Alone[]): Promise<number | null> {
  const texts = alone.map(({ prompt, tokens }) => [...prompt, ...tokens]);
  const [tree] = tokenTrees(texts, Infinity);
  // Through a narrower window trees are small.
  if (tree!.tokens.length > (session.graph.window ?? Infinity)) return null;
  const differences: number[] = [];
  // In two pieces, so that what lies in the cache is seen rightly, too.
  for await (const { tokens, logits } of readTree(session, tree!, tree!.ends, { piece: CHUNK })) {
    const { vocabulary } = logits;
    const values = await logits.read();
    for (const [i, token] of tokens.entries()) {
      const { prompt, logits: expected } = alone[tree!.ends.indexOf(token)]!;
      const beside = values.subarray(i * vocabulary, (i + 1) * vocabulary);
      const what = `a text of ${prompt.length + STEPS} tokens differs beside another in one row`;
      differences.push(compare(session, what, [expected.at(-1)!, beside]));
    }
  }
  return Math.max(...differences);
}

/** @returns the largest difference, in deviations */
function compare(session: TestedSession, what: string, [a, b]: [Float32Array, Float32Array]): number {
  let difference = 0;
  // Written so that NaN counts as different.
  for (let i = 0; i < a.length; i++) if (!(Math.abs(a[i]! - b[i]!) <= difference)) difference = Math.abs(a[i]! - b[i]!);
  const relative = difference / deviation(a);
  if (!(relative <= TOLERANCE[session.graph.cacheType])) fail(session, what, relative);
  return relative;
}

function fail({ runtime: { device, adapter }, graph }: TestedSession, what: string, difference: number): never {
  const where = adapter === null ? device : `${device} (${adapter.vendor} ${adapter.architecture})`;
  const size = `by ${difference.toPrecision(2)} deviations, allowed ${TOLERANCE[graph.cacheType]}`;
  const message = `Self-test on ${where}: ${what} (${size}). Results here would be wrong; use another device.`;
  throw new ModelError("self-test-failed", message);
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best;
}

function deviation(logits: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const logit of logits) {
    sum += logit;
    squares += logit * logit;
  }
  const mean = sum / logits.length;
  return Math.sqrt(squares / logits.length - mean * mean);
}

/** Any tokens do; all are below 211, so that every vocabulary has them. */
function madeUp(length: number): number[] {
  return Array.from({ length }, (_, i) => (31 + 53 * i) % 211);
}
