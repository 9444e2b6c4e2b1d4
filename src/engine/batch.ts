/**
 * @file Continuous batching (as Orca, Yu et al., OSDI 2022): rows of all requests decode together, ended ones leave, waiting ones take
 * their place. On the GPU the next step is queued before the tokens of the last are read. Leaves out text.
 */
import type { GenerateRequest, Stop } from "../cat/models.ts";
import type { Logits } from "./logits.ts";
import { openRowCache, type RowCache } from "./row-cache.ts";
import type { Draw } from "./sampler.ts";
import type { Session } from "./session.ts";
import { openSampler, type RowDraw, type TokenSampler } from "./token-sampler.ts";

/** Rows of one batch, at most; more gain nothing that was measured, and each takes memory. */
const MOST_ROWS = 64;

/** Rows of one prompt, which join and draw first together. */
export interface Job {
  /** Index into the requests. */
  readonly index: number;
  readonly request: GenerateRequest;
  readonly prompt: readonly number[];
  /** Tokens that end a row. */
  readonly endTokens: ReadonlySet<number>;
}

export interface BatchToken extends Draw {
  /** Index into the requests. */
  readonly request: number;
  readonly row: number;
  readonly ended: "stop" | "length" | null;
}

/** One row of the batch, in the order of the cache. */
interface LiveRow {
  readonly job: Job;
  readonly row: number;
  /** Draws that were queued. */
  drawn: number;
  /** Draws that were read. */
  read: number;
  last: number;
  ended: boolean;
}

interface Flight {
  readonly rows: readonly LiveRow[];
  readonly draws: Promise<Draw[]>;
}

/** Tokens of all jobs, as they come: in order within a row. @throws the reason of `stop`, between steps; {@link ModelError} of session and sampler */
export async function* runBatch(session: Session, jobs: readonly Job[], stop?: Stop): AsyncGenerator<BatchToken, void> {
  const total = jobs.reduce((sum, { request }) => sum + request.n, 0);
  const batch = new Batch(session, Math.min(total, MOST_ROWS));
  try {
    yield* batch.run(jobs, stop);
  } finally {
    batch.dispose();
  }
}

class Batch {
  readonly #session: Session;
  readonly #most: number;
  readonly #cache: RowCache;
  #sampler: TokenSampler | null = null;
  #rows: LiveRow[] = [];
  /** Draws that have not been read yet, oldest first. */
  readonly #flights: Flight[] = [];

  constructor(session: Session, most: number) {
    this.#session = session;
    this.#most = most;
    this.#cache = openRowCache(session, most);
  }

  async *run(jobs: readonly Job[], stop?: Stop): AsyncGenerator<BatchToken, void> {
    const waiting = jobs.flatMap((job) => parts(job, this.#most));
    while (waiting.length > 0 || this.#rows.length > 0) {
      stop?.throwIfAborted();
      if (this.#rows.some(isSpent)) {
        yield* this.#landAll();
        this.#dropEnded();
      } else if (waiting.length > 0 && this.#rows.length + waiting[0]!.rows.length <= this.#most) {
        yield* this.#landAll();
        await this.#admit(waiting.shift()!);
      } else if (this.#flights.length > 0 && !this.#canGoAhead()) {
        yield* this.#landAll();
      } else {
        await this.#step();
        while (this.#flights.length > (this.#canGoAhead() ? 1 : 0)) yield* this.#land();
      }
    }
  }

  /** Are the tokens of the last draw on the GPU, in the order of the rows? */
  #canGoAhead(): boolean {
    return this.#sampler!.ids !== null && this.#flights.at(-1)?.rows.length === this.#rows.length;
  }

  dispose(): void {
    this.#cache.dispose();
    this.#sampler?.dispose();
  }

  /** Reads a prompt and draws the first token of each of its rows. */
  async #admit({ job, rows }: Part): Promise<void> {
    const logits = await this.#cache.prefill(job.prompt);
    this.#sampler ??= openSampler(this.#session.runtime, logits, this.#most);
    this.#cache.add(rows.length);
    const added = rows.map((row) => ({ job, row, drawn: 0, read: 0, last: 0, ended: false }));
    this.#rows.push(...added);
    // All start from the one prompt.
    this.#fly(logits, added, () => 0);
  }

  /** From the tokens on the GPU if they have not been read yet. */
  async #step(): Promise<void> {
    const ids = this.#flights.length > 0 ? this.#sampler!.ids : null;
    const logits = await this.#cache.step(ids ?? this.#rows.map(({ last }) => [last]));
    this.#fly(logits, [...this.#rows], (place) => place);
  }

  #fly(logits: Logits, rows: readonly LiveRow[], placeOf: (index: number) => number): void {
    const wanted = rows.map(({ job, row, drawn }, index): RowDraw => {
      const { noise, sampling } = job.request;
      return { noise, row, step: drawn, sampling, place: placeOf(index), seen: null, mask: null };
    });
    const draws = this.#sampler!.draw(logits, wanted);
    // Nobody may be waiting for it when a run is left.
    draws.catch(() => undefined);
    for (const row of rows) row.drawn++;
    this.#flights.push({ rows, draws });
  }

  /** Reads the oldest draw. A row that had ended before it was drawn in vain. */
  async *#land(): AsyncGenerator<BatchToken, void> {
    const { rows, draws } = this.#flights.shift()!;
    const drawn = await draws;
    this.#session.runtime.errors.throwIfAny();
    for (const [index, row] of rows.entries()) {
      if (row.ended) continue;
      const draw = drawn[index]!;
      row.last = draw.token;
      row.read++;
      const ended = row.job.endTokens.has(draw.token)
        ? "stop"
        : row.read >= row.job.request.maxTokens
          ? "length"
          : null;
      row.ended = ended !== null;
      yield { ...draw, request: row.job.index, row: row.row, ended };
    }
  }

  async *#landAll(): AsyncGenerator<BatchToken, void> {
    while (this.#flights.length > 0) yield* this.#land();
  }

  /** As the cache does it: the last row takes the place of one that leaves. */
  #dropEnded(): void {
    for (let place = this.#rows.length - 1; place >= 0; place--) {
      if (!this.#rows[place]!.ended) continue;
      this.#cache.drop(place);
      const last = this.#rows.pop()!;
      if (place < this.#rows.length) this.#rows[place] = last;
    }
  }
}

/** Rows of a job that fit into a batch at once. */
interface Part {
  readonly job: Job;
  readonly rows: readonly number[];
}

function parts(job: Job, most: number): Part[] {
  const rows = Array.from({ length: job.request.n }, (_, row) => row);
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, i) => ({
    job,
    rows: rows.slice(i * most, (i + 1) * most),
  }));
}

/** Has it ended, or will it with what is under way? */
function isSpent({ ended, drawn, job }: LiveRow): boolean {
  return ended || drawn >= job.request.maxTokens;
}
