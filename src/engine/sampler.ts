/**
 * @file Draws a token from logits on the CPU: greedy, or Gumbel-max over the tokens that top-k and top-p leave. The oracle for
 * every other sampler. Logits in, one token out; leaves out rows, batches and text.
 */
import { ModelError, type Sampling } from "../cat/models.ts";
import { refuseNonNumbers } from "./log-total.ts";
import { gumbel, LARGEST_GUMBEL, type RowNoise } from "./noise.ts";
import { Truncation } from "./truncation.ts";

/** As in `SampledToken`. */
export interface Draw {
  readonly token: number;
  readonly logprob: number;
  readonly entropy: number;
  readonly margin: number | null;
}

/** Sets of tokens, a bit each: token t is bit t mod 32 of word ⌊t / 32⌋. */
export interface TokenSets {
  /** In prompt or answer already; asked where there is a repetition penalty. */
  readonly seen?: Uint32Array | undefined;
  /** What may be drawn; left out: everything. */
  readonly mask?: Uint32Array | undefined;
}

export class Sampler {
  readonly #truncation: Truncation;
  /** Logits after mask and penalty, where there is one. */
  readonly #scores: Float32Array;

  constructor(vocabulary: number) {
    this.#truncation = new Truncation(vocabulary);
    this.#scores = new Float32Array(vocabulary);
  }

  /**
   * @param logits [vocabulary]
   * @param noise set to the step of this draw; not asked at temperature 0
   * @throws {ModelError} `unexpected` if a logit is not a number or the mask lets nothing through
   */
  draw(logits: Float32Array, sampling: Sampling, noise: RowNoise, sets: TokenSets = {}): Draw {
    const max = largest(logits);
    let total = 0;
    let weighted = 0;
    for (let token = 0; token < logits.length; token++) {
      const behind = logits[token]! - max;
      const weight = Math.exp(behind);
      total += weight;
      if (weight > 0) weighted += weight * behind;
    }
    refuseNonNumbers(total);
    const scores = this.#scored(logits, sampling, sets);
    const { token, margin } =
      sampling.temperature === 0
        ? greedy(scores)
        : this.#noisy(scores, scores === logits ? max : largest(scores), { sampling, noise });
    const logTotal = Math.log(total);
    return { token, logprob: logits[token]! - max - logTotal, entropy: logTotal - weighted / total, margin };
  }

  /** The logits after mask and repetition penalty (Keskar et al., arXiv 1909.05858, with the sign rule of transformers). */
  #scored(logits: Float32Array, { repetitionPenalty = 1 }: Sampling, { seen, mask }: TokenSets): Float32Array {
    const penalised = repetitionPenalty === 1 ? undefined : seen;
    if (penalised === undefined && mask === undefined) return logits;
    for (const [token, logit] of logits.entries()) {
      if (mask !== undefined && !has(mask, token)) this.#scores[token] = -Infinity;
      else if (penalised === undefined || !has(penalised, token)) this.#scores[token] = logit;
      else this.#scores[token] = logit < 0 ? logit * repetitionPenalty : logit / repetitionPenalty;
    }
    if (largest(this.#scores) === -Infinity) {
      throw new ModelError("unexpected", "No token is allowed here. Loosen what the answer has to look like.");
    }
    return this.#scores;
  }

  /** argmax of logit / T + Gumbel noise: a sample of the softmax at T over the kept tokens. */
  #noisy(logits: Float32Array, max: number, { sampling, noise }: { sampling: Sampling; noise: RowNoise }) {
    const whole = sampling.topK === null && sampling.topP === null;
    const kept = whole ? logits.length : this.#truncation.keep(logits, max, sampling);
    const { tokens } = this.#truncation;
    let token = -1;
    let best = -Infinity;
    let second = -Infinity;
    /** e to the minus second: what a token's noise has to make up for. */
    let hurdle = Infinity;
    for (let i = 0; i < kept; i++) {
      const candidate = whole ? i : tokens[i]!;
      const score = (logits[candidate]! - max) / sampling.temperature;
      // Few tokens can still become first or second, and that is seen without the two logarithms of the noise:
      // −log u ≥ 1 − u, so score + noise ≤ score − log(1 − u). The factor covers rounding.
      if (score + LARGEST_GUMBEL < second) continue;
      const uniform = noise.uniform(candidate);
      if (1 - uniform > Math.exp(score) * hurdle * 1.000001) continue;
      const noisy = score + gumbel(uniform);
      if (noisy > best) {
        second = best;
        best = noisy;
        token = candidate;
      } else if (noisy > second) second = noisy;
      hurdle = Math.exp(-second);
    }
    return { token, margin: lead(best, second) };
  }
}

function largest(logits: Float32Array): number {
  let max = -Infinity;
  for (let token = 0; token < logits.length; token++) if (logits[token]! > max) max = logits[token]!;
  return max;
}

function has(set: Uint32Array, token: number): boolean {
  return ((set[token >>> 5]! >>> (token & 31)) & 1) === 1;
}

function greedy(logits: Float32Array): { token: number; margin: number | null } {
  let token = 0;
  let second = -Infinity;
  for (let other = 1; other < logits.length; other++) {
    const logit = logits[other]!;
    if (logit > logits[token]!) {
      second = logits[token]!;
      token = other;
    } else if (logit > second) second = logit;
  }
  return { token, margin: lead(logits[token]!, second) };
}

/** @returns `null` without a second, be it that none was kept or that all others are impossible. */
function lead(best: number, second: number): number | null {
  return second === -Infinity ? null : best - second;
}
