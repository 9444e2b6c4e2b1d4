/**
 * @file Decoders of three families by two exporters (tests/fixtures/decoders), held to PyTorch's logits along every way that the engine reads
 * and decodes. Runs in Node and in a page, and gives plain numbers. Leaves out where the files come from.
 */
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { prefill } from "../../src/engine/prefill.ts";
import { disposeKv } from "../../src/engine/kv.ts";
import { readTree } from "../../src/engine/read-tree.ts";
import { openRowCache } from "../../src/engine/row-cache.ts";
import { type Position, Session } from "../../src/engine/session.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { tokenTrees } from "../../src/engine/token-tree.ts";
import { randomLlama } from "./random-llama.ts";

/** Folder and file in tests/fixtures/decoders. */
export type DecoderName = `${"llama" | "qwen3" | "gemma3"}/${"genai" | "genai-f16" | "optimum"}`;

export interface Golden {
  /** Of each prompt, so many last positions have logits. */
  readonly kept: number;
  readonly rows: readonly GoldenRow[];
}

interface GoldenRow {
  readonly tokens: readonly number[];
  /** Of these, so many are the prompt; the others follow one by one. */
  readonly prompt: number;
  /** Little-endian float32 in base64, [kept + others][vocabulary]. */
  readonly logits: string;
}

/** Largest absolute difference to PyTorch's logits, by way of reading. */
export type Differences = Record<"whole" | "chunked" | "batched" | "tree", number>;

/** The files of a hub folder, with the byte tokenizer of random-llama.ts. */
export function decoderFiles(graph: Uint8Array, config: Uint8Array): ModelFiles {
  const bytes = new Map(randomLlama().bytes);
  return { records: [], bytes: bytes.set("onnx/model.onnx", graph).set("config.json", config) };
}

export async function decoderSuite(runtime: Runtime, files: ModelFiles, golden: Golden): Promise<Differences> {
  const session = await Session.create(runtime, files);
  try {
    return await differences(session, golden);
  } finally {
    await session.dispose();
  }
}

export async function differences(session: Session, golden: Golden): Promise<Differences> {
  const rows = golden.rows.map((row) => ({ ...row, expected: decode(row.logits) }));
  const vocabulary = rows[0]!.expected.length / (golden.kept + rows[0]!.tokens.length - rows[0]!.prompt);
  const found: Differences = { whole: 0, chunked: 0, batched: 0, tree: 0 };
  const compare = (way: keyof Differences, logits: Float32Array, row: number, position: number): void => {
    const { expected, prompt } = rows[row]!;
    const start = (position - (prompt - golden.kept)) * vocabulary;
    for (const [i, logit] of logits.entries()) {
      // Written so that NaN counts as different.
      const difference = Math.abs(logit - expected[start + i]!);
      if (!(difference <= found[way])) found[way] = difference;
    }
  };
  for (const [row, { tokens, prompt }] of rows.entries()) {
    const kept = Array.from({ length: golden.kept }, (_, i): Position => [0, prompt - golden.kept + i]);
    const whole = await session.pass([tokens.slice(0, prompt)], session.emptyKv(), kept);
    compare("whole", await whole.logits.read(), row, prompt - golden.kept);
    disposeKv(whole.kv);
    // As a prompt behind a shared head.
    const head = await session.forward([tokens.slice(0, 5)], session.emptyKv());
    const behind = await prefill(session, tokens.slice(5, prompt), head.kv, 1);
    compare("chunked", await behind.logits.read(), row, prompt - 1);
    disposeKv(head.kv);
    disposeKv(behind.kv);
  }
  if (session.graph.takesTree) {
    // All prompts side by side in one row, and the first twice more, so that two part within it.
    const prompts = rows.map(({ tokens, prompt }) => tokens.slice(0, prompt));
    const texts = [...prompts, prompts[0]!.slice(0, prompts[0]!.length - 2), prompts[0]!];
    for (const tree of tokenTrees(texts, session.graph.window ?? Infinity)) {
      for await (const { tokens, logits } of readTree(session, tree, tree.ends, { piece: 48 })) {
        const values = await logits.read();
        for (const [i, token] of tokens.entries()) {
          const row = prompts.findIndex(({ length }) => length === tree.positions[token]! + 1);
          if (row !== -1)
            compare("tree", values.subarray(i * vocabulary, (i + 1) * vocabulary), row, prompts[row]!.length - 1);
        }
      }
    }
  }
  const cache = openRowCache(session);
  try {
    for (const [row, { tokens, prompt }] of rows.entries()) {
      (await cache.prefill(tokens.slice(0, prompt), 0)).dispose();
      cache.add(ROWS.filter((place) => place === row).length);
    }
    const places = [...ROWS];
    for (let step = 0; step < STEPS; step++) {
      const logits = await cache.step(places.map((row) => [rows[row]!.tokens[rows[row]!.prompt + step]!]));
      const values = await logits.read();
      for (const [place, row] of places.entries()) {
        const own = values.subarray(place * vocabulary, (place + 1) * vocabulary);
        compare("batched", own, row, rows[row]!.prompt + step);
      }
      logits.dispose();
      if (step === 1) {
        cache.drop(0);
        places[0] = places.pop()!;
      }
    }
  } finally {
    cache.dispose();
  }
  return found;
}

/** Two rows of the first prompt, and one of each other. */
const ROWS = [0, 0, 1, 2];
const STEPS = 4;

function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0)!);
  return new Float32Array(bytes.buffer);
}
