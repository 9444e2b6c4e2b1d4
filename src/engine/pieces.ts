/** @file Long texts are read in pieces of one size, so that the memory of a pass has a bound. Leaves out reading them. */

/** Tokens of a piece. The self-test reads a prompt that is longer at once and in pieces: no other size is proven. */
export const CHUNK = 128;

/** In order; the last may be shorter. */
export function pieces(tokens: readonly number[], size = CHUNK): (readonly number[])[] {
  return Array.from({ length: Math.ceil(tokens.length / size) }, (_, i) => tokens.slice(i * size, (i + 1) * size));
}
