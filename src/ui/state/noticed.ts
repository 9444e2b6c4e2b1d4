/** @file What a run did otherwise than asked, as a list to read: each sentence once. The sentences are the engine's own, so codes of other versions need nothing here. */
import type { Noticed } from "../../run/run.ts";

export interface NoticeLine {
  readonly message: string;
  /** Of the first time, from the start of the run. */
  readonly atMs: number;
  readonly times: number;
}

/** In the order in which each was last said: every batch of a run asks for memory anew and may be told the same. */
export function noticeLines(notices: readonly Noticed[]): readonly NoticeLine[] {
  const lines = new Map<string, NoticeLine>();
  for (const { message, atMs } of notices) {
    const before = lines.get(message);
    lines.delete(message);
    lines.set(message, { message, atMs: before?.atMs ?? atMs, times: (before?.times ?? 0) + 1 });
  }
  return [...lines.values()];
}
