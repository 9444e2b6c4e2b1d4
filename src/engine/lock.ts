/** @file One lock around every create, run, read-back and release of ONNX Runtime. Two at once hang the page for ever (measured), also on different sessions. */
import { Turns } from "../cat/turns.ts";

const turns = new Turns();

/** Runs `work` when all earlier work has settled. Not re-entrant: work that asks for the lock again waits for itself. */
export function withOrt<T>(work: () => Promise<T>): Promise<T> {
  return turns.take(work);
}
