/** @file Reads tokens behind what a cache holds, in pieces, without drawing anything. Leaves out which cache. */
import { disposeKv, type Kv } from "./kv.ts";
import type { Logits } from "./logits.ts";
import { pieces } from "./pieces.ts";
import type { PassingSession } from "./session.ts";

/**
 * @param tokens at least one
 * @param past one row; stays as it is, unless it is in place
 * @returns logits after the last token, and the cache of all, which the caller disposes of unless it is in place
 */
export async function prefill(
  session: PassingSession,
  tokens: readonly number[],
  past: Kv,
): Promise<{ logits: Logits; kv: Kv }> {
  let kv = past;
  let logits: Logits | null = null;
  try {
    for (const piece of pieces(tokens)) {
      logits?.dispose();
      const next = await session.pass([piece], kv);
      if (kv !== past && kv.inPlace !== true) disposeKv(kv);
      ({ logits, kv } = next);
    }
  } catch (error) {
    logits?.dispose();
    if (kv !== past && kv.inPlace !== true) disposeKv(kv);
    throw error;
  }
  return { logits: logits!, kv };
}
