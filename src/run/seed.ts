/**
 * @file Chance as a function: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; Random123).
 * Counter-based, so a draw depends on its name alone and never on what was drawn before. Leaves out: distributions (`engine/`).
 */
import type { Purpose } from "../cat/models.ts";

/** The word that stands for a purpose in a counter. Part of the run format: a changed code changes every sample. */
export const PURPOSE_CODES: Readonly<Record<Purpose, number>> = {
  rollout: 0,
  synthesis: 1,
  rubric: 2,
  verdict: 3,
  choose: 4,
  sameMeaning: 5,
  score: 6,
  says: 7,
  denies: 8,
};

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/**
 * Four random 32-bit words for a 128-bit counter and a 64-bit key.
 * @param counter [4] words
 * @param key [2] words
 * @param out [4], overwritten; may be `counter`
 */
export function philox4x32(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = [counter[0], counter[1], counter[2], counter[3]];
  let [k0 = 0, k1 = 0] = [key[0], key[1]];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Upper half of a 32 × 32-bit product, in 16-bit pieces because a double holds 53 bits only. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (carry >>> 16);
}
