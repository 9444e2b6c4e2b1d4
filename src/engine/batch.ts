/**
 * @file Continuous batching (as Orca, Yu et al., OSDI 2022): rows of all requests decode together, ended ones leave, waiting ones take
 * their place. On the GPU the next step is queued before the tokens of the last are read. A lost device or full memory costs time, not
 * tokens: rows that were torn out are read again and go on by the same noise. Leaves out text.
 */
import { ModelError } from "../cat/models.ts";
import type { Logits } from "./logits.ts";
import { openRowCache, type RowCache } from "./row-cache.ts";
import { RowSets } from "./row-sets.ts";
import { type Part, type Row, torn } from "./row.ts";
import type { Draw } from "./sampler.ts";
import type { Session } from "./session.ts";
import { openSampler, type RowDraw, type TokenSampler } from "./token-sampler.ts";

/** Times that one run gets over a lost device or full memory. More often than that, something is wrong for good. */
const MOST_RECOVERIES = 5;

interface Flight {
  readonly rows: readonly Row[];
  readonly draws: Promise<Draw[]>;
}

export class Batch {
  readonly #session: Session;
  readonly #ahead: boolean;
  /** Rows at once, at most. */
  #most = Infinity;
  #waiting: Part[] = [];
  #cache: RowCache | null = null;
  #sampler: TokenSampler | null = null;
  #sets: RowSets | null = null;
  /** In the order of the cache. */
  #rows: Row[] = [];
  /** Draws that have not been read yet, oldest first. */
  #flights: Flight[] = [];
  #recoveries = 0;

  /** @param ahead may the next step be queued before the last is read? */
  constructor(session: Session, ahead: boolean) {
    this.#session = session;
    this.#ahead = ahead;
  }

  /** Also while a step is under way. @param most rows at once, from here on */
  add(parts: readonly Part[], most: number): void {
    this.#waiting.push(...parts);
    this.#most = Math.min(this.#most, most);
  }

  /** One step, or what comes between steps. Not while another is under way. @throws {ModelError} of session and sampler; then it is of no use any more */
  async advance(): Promise<void> {
    const { generation } = this.#session.runtime;
    try {
      await this.#turn();
    } catch (error) {
      await this.#recover(error, generation);
    }
  }

  dispose(): void {
    this.#cache?.dispose();
    this.#sampler?.dispose();
    this.#cache = null;
    this.#sampler = null;
    this.#sets = null;
  }

  async #turn(): Promise<void> {
    this.#waiting = this.#waiting.filter((part) => !part[0]!.call.left);
    const next = this.#waiting[0];
    if (this.#rows.some(({ spent }) => spent)) {
      await this.#landAll();
      this.#dropEnded();
    } else if (next !== undefined && this.#hasRoomFor(next)) {
      await this.#landAll();
      await this.#admit(next);
    } else if (this.#flights.length > 0 && !this.#canGoAhead()) {
      await this.#landAll();
    } else {
      await this.#step();
      while (this.#flights.length > (this.#canGoAhead() ? 1 : 0)) await this.#land();
    }
  }

  /** A CPU gains nothing by more rows than one prompt has, and a cache that grows is copied whole for each row that comes or goes. */
  #hasRoomFor(part: Part): boolean {
    if (this.#session.runtime.gpu === null && this.#rows.length > 0) return false;
    return this.#rows.length + Math.min(part.length, this.#most) <= this.#most;
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
    const cache = (this.#cache ??= openRowCache(this.#session));
    const logits = await cache.prefill([...job.prompt, ...tokens.slice(0, -1)], tokens.length === 0 ? 1 : 0);
    this.#sampler ??= openSampler(this.#session.runtime, logits, this.#most);
    this.#sets ??= new RowSets(this.#sampler, this.#most);
    for (const row of rows) this.#sets.join(row);
    cache.add(rows.length);
    this.#rows.push(...rows);
    const left = part.slice(rows.length);
    this.#waiting.splice(0, 1, ...(left.length > 0 ? [left] : []));
    // All start from the one prompt; who has tokens already goes on from the last.
    if (tokens.length === 0) this.#fly(logits, rows, () => 0);
    else logits.dispose();
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
  async #land(): Promise<void> {
    const { rows, draws } = this.#flights[0]!;
    const drawn = await draws;
    this.#session.runtime.errors.throwIfAny();
    this.#flights.shift();
    for (const [index, row] of rows.entries()) {
      if (row.over) continue;
      const draw = drawn[index]!;
      row.take(draw);
      this.#sets!.take(row, draw.token);
    }
  }

  async #landAll(): Promise<void> {
    while (this.#flights.length > 0) await this.#land();
  }

  /** As the cache does it: the last row takes the place of one that leaves. */
  #dropEnded(): void {
    for (let place = this.#rows.length - 1; place >= 0; place--) {
      if (!this.#rows[place]!.over) continue;
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
