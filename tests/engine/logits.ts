/** @file Logits and settings on which samplers are compared. */
import type { Sampling } from "../../src/cat/models.ts";
import { philox4x32 } from "../../src/run/seed.ts";

export const SAMPLINGS: Sampling[] = [
  { temperature: 1, topK: null, topP: null },
  { temperature: 0.7, topK: null, topP: null },
  { temperature: 1.5, topK: 7, topP: null },
  { temperature: 1, topK: 1, topP: null },
  { temperature: 1, topK: null, topP: 0.8 },
  { temperature: 0.6, topK: null, topP: 0.3 },
  { temperature: 1.3, topK: 12, topP: 0.9 },
  { temperature: 1, topK: 5000, topP: 1 },
];

/** Deterministic logits, spread like a language model's: a few high, a long tail. */
export function madeUpLogits(vocabulary: number, seed: number): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(4);
  return Float32Array.from({ length: vocabulary }, (_, i) => {
    philox4x32(Uint32Array.of(i, 0, 0, 99), Uint32Array.of(seed, 0), words);
    return 2.5 * Math.log((words[0]! + 1) / 2 ** 32) - 3 * (words[1]! / 2 ** 32);
  });
}

export function softmax(logits: readonly number[]): number[] {
  const max = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - max));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Kept tokens with their probabilities, by sorting everything. */
export function oracleKept(logits: Float32Array, { temperature, topK, topP }: Sampling): Map<number, number> {
  const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b).slice(0, topK ?? undefined);
  const probabilities = softmax(order.map((token) => logits[token]! / temperature));
  let mass = 0;
  const kept = order.filter((_, i) => {
    const before = mass;
    mass += probabilities[i]!;
    return before < (topP ?? Infinity);
  });
  const again = softmax(kept.map((token) => logits[token]! / temperature));
  return new Map(kept.map((token, i) => [token, again[i]!]));
}
