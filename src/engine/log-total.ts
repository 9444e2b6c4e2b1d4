/** @file The normaliser of a softmax. Leaves out which tokens are asked about. */
import { ModelError } from "../cat/models.ts";

/**
 * log Σ exp(logit), in nats: a token's log-probability is its logit less this.
 * @param logits [vocabulary]
 * @throws {ModelError} `unexpected` if a logit is not a number
 */
export function logTotal(logits: Float32Array): number {
  let max = -Infinity;
  for (const logit of logits) if (logit > max) max = logit;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - max);
  refuseNonNumbers(total);
  return max + Math.log(total);
}

/** @param total Σ exp(logit − largest logit) @throws {ModelError} `unexpected` if it is not finite */
export function refuseNonNumbers(total: number): void {
  if (Number.isFinite(total)) return;
  throw new ModelError(
    "unexpected",
    `The model answered with numbers that are none (sum ${total}). Try another device.`,
  );
}
