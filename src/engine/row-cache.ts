/** @file What the rows that decode together have read: the one interface of both kinds of cache, in place on the GPU and grown by the graph elsewhere. */
import { GrownCache } from "./grown-cache.ts";
import type { Logits } from "./logits.ts";
import type { NewTokens, PassingSession } from "./session.ts";
import { SlotCache } from "./slot-cache.ts";

export interface RowCache {
  /**
   * Reads a prompt, of which rows may then be added, from where it parts from the one before; that one is forgotten.
   * @param places 1 where the logits after it are wanted, else 0
   * @returns [places] logits
   */
  prefill(prompt: readonly number[], places: 0 | 1): Promise<Logits>;
  /** Adds rows that hold the prompt, behind those there are. */
  add(rows: number): void;
  /** Takes a row out; the last one takes its place. */
  drop(place: number): void;
  /** Reads one token a row. @returns [rows] logits */
  step(ids: NewTokens): Promise<Logits>;
  /** Frees everything. */
  dispose(): void;
}

export function openRowCache(session: PassingSession): RowCache {
  const { gpu } = session.runtime;
  return gpu === null ? new GrownCache(session) : new SlotCache(session, gpu);
}
