/** @file One honest progress for many files: a total that is known before the start, the speed of the last seconds, the time that is left at it. */

export interface Progress {
  readonly loadedBytes: number;
  /** Of all files; changes only if a file does at its source. */
  readonly totalBytes: number;
  /** Of what came over the line lately; `null` until that can be told. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Speeds of a shorter time jump about; of a longer one they lag. */
const WINDOW_MS = 8000;
const LEAST_MS = 1000;
/** Longer times come of the first bytes, and are wrong. */
const MOST_SECONDS_LEFT = 86_400;
/** Between two reports: more often nobody can read. */
const REPORT_MS = 200;

export class ProgressMeter {
  #total: number;
  readonly #now: () => number;
  readonly #report: (progress: Progress) => void;
  readonly #reached: number[];
  #loaded: number;
  /** Of the last seconds, oldest first: when, and how much had come by then. */
  #samples: { readonly at: number; readonly came: number }[] = [];
  #came = 0;
  #reportedAt = -Infinity;

  /** @param reached bytes of each file that are there already. */
  constructor(total: number, reached: readonly number[], now: () => number, report: (progress: Progress) => void) {
    this.#total = total;
    this.#reached = [...reached];
    this.#loaded = reached.reduce((sum, bytes) => sum + bytes, 0);
    this.#now = now;
    this.#report = report;
    this.#samples.push({ at: now(), came: 0 });
    this.#say();
  }

  /** So many bytes of a file are there now. Going back is not speed. */
  reach(file: number, bytes: number): void {
    const more = bytes - this.#reached[file]!;
    this.#reached[file] = bytes;
    this.#loaded += more;
    this.#came += Math.max(0, more);
    const at = this.#now();
    if (at - this.#reportedAt < REPORT_MS && this.#loaded < this.#total) return;
    this.#samples.push({ at, came: this.#came });
    while (this.#samples.length > 2 && at - this.#samples[1]!.at >= WINDOW_MS) this.#samples.shift();
    this.#say();
  }

  /** A file has another length than was said before the start. */
  correct(more: number): void {
    this.#total += more;
  }

  #say(): void {
    this.#reportedAt = this.#now();
    const oldest = this.#samples[0]!;
    const ms = this.#reportedAt - oldest.at;
    const came = this.#came - oldest.came;
    const bytesPerSecond = ms < LEAST_MS ? null : (1000 * came) / ms;
    const left = this.#total - this.#loaded;
    const seconds = left / (bytesPerSecond ?? 0);
    const secondsLeft = seconds < MOST_SECONDS_LEFT ? seconds : null;
    this.#report({ loadedBytes: this.#loaded, totalBytes: this.#total, bytesPerSecond, secondsLeft });
  }
}
