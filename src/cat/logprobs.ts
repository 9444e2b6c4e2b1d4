/** @file Log-probabilities of a text as one number. */

/** Nats a token; minus this is the logarithm of the perplexity. @returns null of no tokens. */
export function meanLogprob(logprobs: readonly number[]): number | null {
  return logprobs.length === 0 ? null : logprobs.reduce((a, b) => a + b, 0) / logprobs.length;
}
