/**
 * @file Continuous batching (as Orca, Yu et al., OSDI 2022): rows of all requests decode together, ended ones leave, waiting ones take
 * their place. On the GPU the next step is queued before the tokens of the last are read. A lost device or full memory costs time, not
 * tokens: rows that were torn out are read again and go on by the same noise. Leaves out text.
 */
import { ModelError, type Stop } from "../cat/models.ts";
import type { Logits } from "./logits.ts";
import type { BatchPlan } from "./memory-plan.ts";
import { openRowCache, type RowCache } from "./row-cache.ts";
import { RowSets } from "./row-sets.ts";
import { fresh, type Job, type Part, Row, torn } from "./row.ts";
import type { Draw } from "./sampler.ts";
import type { Session } from "./session.ts";
import { openSampler, type RowDraw, type TokenSampler } from "./token-sampler.ts";

/** Times that one run gets over a lost device or full memory. More often than that, something is wrong for good. */
const MOST_RECOVERIES = 5;

export interface BatchToken extends Draw {
  /** Index into the requests. */
  readonly request: number;
  readonly row: number;
  readonly ended: "stop" | "length" | null;
}

interface Flight {
  readonly rows: readonly Row[];
  readonly draws: Promise<Draw[]>;
}

/**
 * Tokens of all jobs, as they come: in order within a row.
 * @param ahead may the next step be queued before the last is read? Only `bench engine` says no
 * @throws the reason of `stop`, between steps; {@link ModelError} of session and sampler
 */
export async function* runBatch(
  session: Session,
  jobs: readonly Job[],
  plan: BatchPlan,
  { stop, ahead = true }: { readonly stop?: Stop | undefined; readonly ahead?: boolean } = {},
): AsyncGenerator<BatchToken, void> {
  const batch = new Batch(session, jobs, { rows: plan.rows, ahead });
  try {
    yield* batch.run(stop);
  } finally {
    batch.dispose();
  }
}

class Batch {
  readonly #session: Session;
  readonly #ahead: boolean;
  /** Rows at once, at most. */
  #most: number;
  #waiting: Part[];
  #cache: RowCache | null = null;
  #sampler: TokenSampler | null = null;
  #sets: RowSets | null = null;
  /** In the order of the cache. */
  #rows: Row[] = [];
  /** Draws that have not been read yet, oldest first. */
  #flights: Flight[] = [];
  #recoveries = 0;

  constructor(session: Session, jobs: readonly Job[], { rows, ahead }: { rows: number; ahead: boolean }) {
    this.#session = session;
    this.#ahead = ahead;
    this.#most = rows;
    this.#waiting = jobs.map(fresh);
  }

  async *run(stop?: Stop): AsyncGenerator<BatchToken, void> {
    while (this.#waiting.length > 0 || this.#rows.length > 0) {
      stop?.throwIfAborted();
      const { generation } = this.#session.runtime;
      try {
        yield* this.#turn();
      } catch (error) {
        await this.#recover(error, generation);
      }
    }
  }

  dispose(): void {
    this.#cache?.dispose();
    this.#sampler?.dispose();
    this.#cache = null;
    this.#sampler = null;
    this.#sets = null;
  }

  async *#turn(): AsyncGenerator<BatchToken, void> {
    const next = this.#waiting[0];
    if (this.#rows.some(({ spent }) => spent)) {
      yield* this.#landAll();
      this.#dropEnded();
    } else if (next !== undefined && this.#rows.length + Math.min(next.length, this.#most) <= this.#most) {
      yield* this.#landAll();
      await this.#admit(next);
    } else if (this.#flights.length > 0 && !this.#canGoAhead()) {
      yield* this.#landAll();
    } else {
      await this.#step();
      while (this.#flights.length > (this.#canGoAhead() ? 1 : 0)) yield* this.#land();
    }
  }

  /** Are the tokens of the last draw on the GPU, in the order of the rows, and does no row's next mask wait for them? */
  #canGoAhead(): boolean {
    if (!this.#ahead || this.#sampler!.ids === null || this.#sets!.steer) return false;
    return this.#flights.at(-1)?.rows.length === this.#rows.length;
  }

  /** Reads what the rows of a part, or as many of them as fit, have read; fresh ones draw their first token. */
  async #admit(part: Part): Promise<void> {
    const rows = part.slice(0, this.#most);
    const { job, tokens } = rows[0]!;
    const cache = (this.#cache ??= openRowCache(this.#session, this.#slots()));
    const logits = await cache.prefill([...job.prompt, ...tokens.slice(0, -1)], tokens.length === 0 ? 1 : 0);
    this.#sampler ??= openSampler(this.#session.runtime, logits, this.#slots());
    this.#sets ??= new RowSets(this.#sampler, this.#slots());
    for (const row of rows) this.#sets.join(row);
    cache.add(rows.length);
    this.#rows.push(...rows);
    const left = part.slice(rows.length);
    this.#waiting.splice(0, 1, ...(left.length > 0 ? [left] : []));
    // All start from the one prompt; who has tokens already goes on from the last.
    if (tokens.length === 0) this.#fly(logits, rows, () => 0);
    else logits.dispose();
  }

  /** As many as may be, if there are so many. */
  #slots(): number {
    const rows = this.#rows.length + this.#waiting.reduce((sum, part) => sum + part.length, 0);
    return Math.min(rows, this.#most);
  }

  /** From the tokens on the GPU if they have not been read yet. */
  async #step(): Promise<void> {
    const ids = this.#flights.length > 0 ? this.#sampler!.ids : null;
    const logits = await this.#cache!.step(ids ?? this.#rows.map(({ tokens }) => [tokens.at(-1)!]));
    this.#fly(logits, [...this.#rows], (place) => place);
  }

  #fly(logits: Logits, rows: readonly Row[], placeOf: (index: number) => number): void {
    const wanted = rows.map((row, index): RowDraw => {
      const { noise, sampling } = row.job.request;
      return { noise, row: row.index, step: row.drawn, sampling, place: placeOf(index), ...this.#sets!.of(row) };
    });
    const draws = this.#sampler!.draw(logits, wanted);
    // Nobody may be waiting for it when a run is left.
    draws.catch(() => undefined);
    for (const row of rows) row.drawn++;
    this.#flights.push({ rows, draws });
  }

  /** Reads the oldest draw. A row that had ended before it was drawn in vain. */
  async *#land(): AsyncGenerator<BatchToken, void> {
    const { rows, draws } = this.#flights[0]!;
    const drawn = await draws;
    this.#session.runtime.errors.throwIfAny();
    this.#flights.shift();
    for (const [index, row] of rows.entries()) {
      if (row.ended !== null) continue;
      const draw = drawn[index]!;
      const ended = row.take(draw.token);
      this.#sets!.take(row, draw.token);
      yield { ...draw, request: row.job.index, row: row.index, ended };
    }
  }

  async *#landAll(): AsyncGenerator<BatchToken, void> {
    while (this.#flights.length > 0) yield* this.#land();
  }

  /** As the cache does it: the last row takes the place of one that leaves. */
  #dropEnded(): void {
    for (let place = this.#rows.length - 1; place >= 0; place--) {
      if (this.#rows[place]!.ended === null) continue;
      this.#cache!.drop(place);
      this.#sets!.leave(this.#rows[place]!);
      const last = this.#rows.pop()!;
      if (place < this.#rows.length) this.#rows[place] = last;
    }
  }

  /** Takes a new device for a lost one, or half the rows where memory is full, and has all unfinished rows wait again. @throws `error` if that does not help */
  async #recover(error: unknown, generation: number): Promise<void> {
    if (!(error instanceof ModelError) || this.#recoveries++ >= MOST_RECOVERIES) throw error;
    const { runtime } = this.#session;
    const size = Math.min(this.#most, this.#rows.length + (this.#waiting[0]?.length ?? 0));
    if (error.code === "out-of-memory" && size > 1) {
      this.#most = Math.floor(size / 2);
      runtime.notify("fewer-rows", `Memory was full: from here on ${this.#most} rows decode at once, not ${size}.`);
    } else if (error.code !== "device-lost") throw error;
    this.dispose();
    this.#flights = [];
    this.#waiting.unshift(...torn(this.#rows));
    this.#rows = [];
    if (error.code === "device-lost") await this.#session.renew(generation);
  }
}
