/** @file Which tokens may be drawn: top-k, then top-p, without sorting the vocabulary. Ties go to the lower token. Leaves out the draw itself. */
import type { Sampling } from "../cat/models.ts";

export class Truncation {
  /** Valid up to the number that {@link keep} returned, until the next call. */
  readonly tokens: Int32Array;

  constructor(vocabulary: number) {
    this.tokens = new Int32Array(vocabulary);
  }

  /**
   * Fills {@link tokens} with the tokens that top-k and top-p leave, in no order, and returns how many there are, at least 1.
   * @param logits [vocabulary]
   * @param max the largest logit
   * @param sampling its temperature is above 0
   */
  keep(logits: Float32Array, max: number, sampling: Sampling): number {
    const { topK, topP, temperature } = sampling;
    const weight = (token: number): number => Math.exp((logits[token]! - max) / temperature);
    let count: number;
    let total = 0;
    if (topK !== null && topK < logits.length) {
      count = this.#largest(logits, Math.max(1, topK));
      for (let i = 0; i < count; i++) total += weight(this.tokens[i]!);
    } else {
      for (let token = 0; token < logits.length; token++) total += weight(token);
      count = this.#atLeast(logits, max + temperature * Math.log(((1 - (topP ?? 1)) * total) / logits.length));
    }
    if (topP === null || topP >= 1) return count;

    const sorted = this.tokens.subarray(0, count).sort((a, b) => (before(logits, a, b) ? -1 : 1));
    let mass = 0;
    for (let kept = 1; kept < count; kept++) {
      mass += weight(sorted[kept - 1]!);
      if (mass >= topP * total) return kept;
    }
    return count;
  }

  /** The k largest, in a heap whose root is the worst of them. */
  #largest(logits: Float32Array, k: number): number {
    const heap = this.tokens;
    for (let token = 0; token < k; token++) heap[token] = token;
    for (let node = (k >> 1) - 1; node >= 0; node--) this.#sink(logits, node, k);
    let worst = logits[heap[0]!]!;
    for (let token = k; token < logits.length; token++) {
      // Equal is not better: the lower token is already in.
      if (logits[token]! <= worst) continue;
      heap[0] = token;
      this.#sink(logits, 0, k);
      worst = logits[heap[0]]!;
    }
    return k;
  }

  #sink(logits: Float32Array, start: number, size: number): void {
    const heap = this.tokens;
    let node = start;
    for (;;) {
      const left = 2 * node + 1;
      const right = left + 1;
      let worst = node;
      if (left < size && before(logits, heap[worst]!, heap[left]!)) worst = left;
      if (right < size && before(logits, heap[worst]!, heap[right]!)) worst = right;
      if (worst === node) return;
      const token = heap[node]!;
      heap[node] = heap[worst]!;
      heap[worst] = token;
      node = worst;
    }
  }

  /**
   * Tokens from a logit upwards. A nucleus of mass p never holds a token less likely than (1 − p) / vocabulary: together
   * those weigh less than 1 − p, so the others reach p without them. With p = 1 the limit is −∞ and all stay.
   */
  #atLeast(logits: Float32Array, least: number): number {
    let count = 0;
    for (let token = 0; token < logits.length; token++) if (logits[token]! >= least) this.tokens[count++] = token;
    return count;
  }
}

/** Is `a` likelier than `b`, or as likely and lower? */
function before(logits: Float32Array, a: number, b: number): boolean {
  const difference = logits[a]! - logits[b]!;
  return difference > 0 || (difference === 0 && a < b);
}
