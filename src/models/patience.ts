/** @file How long a download is tried: waits that grow, and a watchdog for connections on which nothing comes. Knows no requests. */

export interface Patience {
  /** Attempts in a row that bring nothing; the last one's failure is final. */
  readonly attempts: number;
  /** Before the second attempt; doubled each time, up to `longestWaitMs`. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Without a byte for so long, a connection is given up. */
  readonly stallMs: number;
}

export const PATIENCE: Patience = { attempts: 6, firstWaitMs: 1000, longestWaitMs: 30_000, stallMs: 20_000 };

/** The visitor's attempts at one thing. */
export class Attempts {
  readonly #patience: Patience;
  readonly #stop: AbortSignal;
  #failures = 0;

  constructor(patience: Patience, stop: AbortSignal) {
    this.#patience = patience;
    this.#stop = stop;
  }

  /**
   * After an attempt that did not do: waits for the next.
   * @param gotOn it brought something.
   * @returns false at once when there have been enough. @throws the reason of `stop`
   */
  async again(gotOn: boolean): Promise<boolean> {
    const { attempts, firstWaitMs, longestWaitMs } = this.#patience;
    this.#failures = gotOn ? 1 : this.#failures + 1;
    if (this.#failures >= attempts) return false;
    await wait(Math.min(firstWaitMs * 2 ** (this.#failures - 1), longestWaitMs), this.#stop);
    return true;
  }
}

function wait(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = (): void => {
      clearTimeout(timer);
      reject(stop.reason as Error);
    };
    const timer = setTimeout(() => {
      stop.removeEventListener("abort", stopped);
      resolve();
    }, ms);
    if (stop.aborted) stopped();
    else stop.addEventListener("abort", stopped, { once: true });
  });
}

/** Counted in ticks, not by the clock: a worker that computes for a minute has not waited for the network. */
const TICKS = 8;

export class Watchdog {
  /** Aborted by `stop`, or when nothing came. */
  readonly signal: AbortSignal;
  readonly #timer: ReturnType<typeof setInterval>;
  #quiet = 0;

  constructor(stallMs: number, stop: AbortSignal) {
    const bark = new AbortController();
    this.signal = AbortSignal.any([stop, bark.signal]);
    this.#timer = setInterval(() => {
      if (++this.#quiet > TICKS) bark.abort(new Error(`nothing came for ${stallMs / 1000} s`));
    }, stallMs / TICKS);
  }

  /** Something came. */
  feed(): void {
    this.#quiet = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
