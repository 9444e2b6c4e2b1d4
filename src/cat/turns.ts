/** @file Work that takes turns: one at a time, in the order in which it was asked for. Leaves out giving up what waits. */

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` when all earlier work has settled. Not re-entrant: work that takes a turn within its own waits for itself.
   * @returns what it gives; a failure is its caller's alone
   */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
