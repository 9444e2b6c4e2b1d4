/** @file Reads a text behind what a cache holds. One row, any length. Leaves out decoding. */
import type { Kv } from "./kv.ts";
import { disposeKv } from "./kv.ts";
import { CHUNK } from "./self-test.ts";
import type { Forward, Session } from "./session.ts";

/**
 * In chunks where the cache holds something, since attention over one is proven for that size only (self-test.ts); else at once.
 * @param tokens at least one
 * @param past one row; stays as it is
 * @returns logits after the last token, and the cache of all, which the caller disposes of
 */
export async function prefill(session: Session, tokens: readonly number[], past: Kv): Promise<Forward> {
  const chunk = past.lengths[0] === 0 ? tokens.length : CHUNK;
  let forward = await session.forward([tokens.slice(0, chunk)], past);
  for (let start = chunk; start < tokens.length; start += chunk) {
    const before = forward.kv;
    try {
      forward = await session.forward([tokens.slice(start, start + chunk)], before);
    } finally {
      disposeKv(before);
    }
  }
  return forward;
}
