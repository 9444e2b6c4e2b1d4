/** @file How likely given tokens are at given positions, and which would be likeliest: asked where the logits are. Leaves out how logits come about. */
import { gpuLikelihoods } from "./gpu-likelihood.ts";
import { likeliest } from "./likeliest.ts";
import { logTotal } from "./log-total.ts";
import type { Logits } from "./logits.ts";
import type { Runtime } from "./runtime.ts";

export interface Asked {
  /** Which of the positions that the logits are of. */
  readonly place: number;
  readonly token: number;
}

export interface Likelihood {
  /** Nats at temperature 1; NaN of a token that the model lacks. */
  readonly logprob: number;
  /** [top], likeliest first; of equal ones the lower token first. */
  readonly likeliest: readonly { readonly token: number; readonly logprob: number }[];
}

/**
 * Takes over the logits.
 * @param asked not empty
 * @param top likeliest tokens wanted at each place, at most
 * @returns [asked]
 * @throws {ModelError} `unexpected` if logits are no numbers; `device-lost`
 */
export async function likelihoods(
  runtime: Runtime,
  logits: Logits,
  asked: readonly Asked[],
  top = 0,
): Promise<Likelihood[]> {
  const { vocabulary, buffer, half } = logits;
  const most = Math.min(top, vocabulary);
  const { gpu } = runtime;
  if (gpu !== null && buffer !== null) {
    try {
      const found = await runtime.loss.guard(() => gpuLikelihoods(gpu, { buffer, vocabulary, half }, asked, most));
      runtime.errors.throwIfAny();
      return found;
    } finally {
      logits.dispose();
    }
  }
  const values = await logits.read();
  return asked.map(({ place, token }) => {
    const own = values.subarray(place * vocabulary, (place + 1) * vocabulary);
    const total = logTotal(own);
    const logprobOf = (one: number): number => (own[one] ?? NaN) - total;
    return {
      logprob: logprobOf(token),
      likeliest: likeliest(own, most).map((one) => ({ token: one, logprob: logprobOf(one) })),
    };
  });
}
