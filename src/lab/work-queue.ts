/** @file What was asked for, one after the other; some of it gives way to what is asked for next. Knows nothing of what the work is. */

type Work = (stop: AbortSignal) => Promise<void>;

export class WorkQueue {
  readonly #failed: (error: unknown) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  readonly #yielding = new Set<AbortController>();

  /** @param failed hears what went wrong, unless the work had been given up; must not reject */
  constructor(failed: (error: unknown) => Promise<void>) {
    this.#failed = failed;
  }

  /**
   * @param yields given for work that gives way
   * @returns once it is done, given up or failed; never rejects
   */
  add(work: Work, yields: AbortController | null = null): Promise<void> {
    const abort = yields ?? new AbortController();
    if (yields !== null) this.#yielding.add(abort);
    this.#last = this.#last.then(async () => {
      try {
        if (!abort.signal.aborted) await work(abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) await this.#failed(error);
      } finally {
        this.#yielding.delete(abort);
      }
    });
    return this.#last;
  }

  /** Ends all work that gives way, begun or not. @returns whether there was any */
  interrupt(): boolean {
    for (const abort of this.#yielding) abort.abort(new Error("Something else was asked for."));
    return this.#yielding.size > 0;
  }
}
