/**
 * @file Draws a token from logits on the CPU: greedy, or Gumbel-max over the tokens that top-k and top-p leave. The oracle for
 * every other sampler. Logits in, one token out; leaves out rows, batches and text.
 */
import type { Sampling } from "../cat/models.ts";
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

export class Sampler {
  readonly #truncation: Truncation;

  constructor(vocabulary: number) {
    this.#truncation = new Truncation(vocabulary);
  }

  /**
   * @param logits [vocabulary]
   * @param noise set to the step of this draw; not asked at temperature 0
   * @throws {ModelError} `unexpected` if a logit is not a number
   */
  draw(logits: Float32Array, sampling: Sampling, noise: RowNoise): Draw {
    let max = -Infinity;
    for (let token = 0; token < logits.length; token++) if (logits[token]! > max) max = logits[token]!;
    let total = 0;
    let weighted = 0;
    for (let token = 0; token < logits.length; token++) {
      const behind = logits[token]! - max;
      const weight = Math.exp(behind);
      total += weight;
      if (weight > 0) weighted += weight * behind;
    }
    refuseNonNumbers(total);
    const { token, margin } =
      sampling.temperature === 0 ? greedy(logits) : this.#noisy(logits, max, { sampling, noise });
    const logTotal = Math.log(total);
    return { token, logprob: logits[token]! - max - logTotal, entropy: logTotal - weighted / total, margin };
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
