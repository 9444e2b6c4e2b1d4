/** @file Reads tokens behind what a cache holds, in pieces. The head, which with a large vocabulary costs more than all layers, runs at the end or not at all. */
import { disposeKv, type Kv } from "./kv.ts";
import type { Logits } from "./logits.ts";
import { pieces } from "./pieces.ts";
import type { PassingSession } from "./session.ts";

/**
 * @param tokens at least one
 * @param past one row; stays as it is, unless it is in place
 * @param places 1 where the logits after the last token are wanted, else 0
 * @returns [places] logits, and the cache of all, which the caller disposes of unless it is in place
 */
export async function prefill(
  session: PassingSession,
  tokens: readonly number[],
  past: Kv,
  places: 0 | 1,
): Promise<{ logits: Logits; kv: Kv }> {
  let kv = past;
  let logits: Logits | null = null;
  try {
    const all = pieces(tokens);
    for (const [i, piece] of all.entries()) {
      logits?.dispose();
      const next = await session.pass([piece], kv, i === all.length - 1 && places === 1 ? undefined : []);
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
