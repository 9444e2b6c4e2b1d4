/** @file Normal numbers that depend on a name alone. */
import { philox4x32 } from "../../src/run/seed.ts";

export function normal(name: string, length: number, deviation: number): Float32Array {
  const key = new Uint32Array(2);
  for (const letter of name) key[0] = Math.imul(key[0]!, 31) + letter.codePointAt(0)!;
  const counter = new Uint32Array(4);
  const words = new Uint32Array(4);
  return Float32Array.from({ length }, (_, i) => {
    counter[0] = i;
    philox4x32(counter, key, words);
    // The sum of four uniforms has variance 1/3.
    return words.reduce((sum, word) => sum + word / 2 ** 32 - 0.5, 0) * Math.sqrt(3) * deviation;
  });
}
