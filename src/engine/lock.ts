/** @file One lock around every create, run, read-back and release of ONNX Runtime. Two at once hang the page for ever (measured), also on different sessions. */

let last: Promise<unknown> = Promise.resolve();

/** Runs `work` when all earlier work has settled. Not re-entrant: work that asks for the lock again waits for itself. */
export function withOrt<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}
