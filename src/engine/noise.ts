/** @file The noise of one row: a number for each token of each step, named by (seed, group, purpose, rollout, step, token) and by nothing else. */
import type { NoiseSource } from "../cat/models.ts";
import { philox4x32, PURPOSE_CODES } from "../run/seed.ts";

/** No Gumbel variate is larger, since no uniform is: 1 − 2⁻³³. */
export const LARGEST_GUMBEL = gumbel(1 - 2 ** -33);

export class RowNoise {
  readonly #key: Uint32Array;
  readonly #counter = new Uint32Array(4);
  readonly #words = new Uint32Array(4);
  #block = -1;

  /** @param row of the request; it draws as rollout `source.rollout + row`. */
  constructor(source: NoiseSource, row: number) {
    this.#key = Uint32Array.of(source.seed, source.group);
    this.#counter[2] = PURPOSE_CODES[source.purpose];
    this.#counter[3] = source.rollout + row;
  }

  /** @param step 0 for the first token after the prompt. */
  setStep(step: number): void {
    this.#counter[1] = step;
    this.#block = -1;
  }

  /** In (0, 1). Ascending tokens are cheapest: four share one block. */
  uniform(token: number): number {
    const block = token >>> 2;
    if (block !== this.#block) {
      this.#counter[0] = block;
      philox4x32(this.#counter, this.#key, this.#words);
      this.#block = block;
    }
    return (this.#words[token & 3]! + 0.5) / 2 ** 32;
  }
}

/** The standard Gumbel variate of a uniform one. */
export function gumbel(uniform: number): number {
  return -Math.log(-Math.log(uniform));
}
