/**
 * @file The cache of rows where each step gives a longer one: wasm and Node. Rows come and go by copying, once before the next step. Where a
 * graph wants rows of equal length (attention.ts), each length makes a pass of its own; rows of one prompt always share theirs.
 */
import { copyRows, disposeKv, type Kv, type KvRow } from "./kv.ts";
import { Logits } from "./logits.ts";
import { prefill } from "./prefill.ts";
import type { RowCache } from "./row-cache.ts";
import type { NewTokens, Pass, PassingSession } from "./session.ts";

export class GrownCache implements RowCache {
  readonly #session: PassingSession;
  #prompt: Kv | null = null;
  #rows: KvRow[] = [];
  /** What rows are read from, and have not been copied out of yet. */
  #held: Kv[] = [];

  constructor(session: PassingSession) {
    this.#session = session;
  }

  get lengths(): readonly number[] {
    return this.#rows.map(lengthOf);
  }

  async prefill(prompt: readonly number[]): Promise<Logits> {
    const { logits, kv } = await prefill(this.#session, prompt, this.#session.emptyKv());
    if (this.#prompt !== null) this.#held.push(this.#prompt);
    this.#prompt = kv;
    return logits;
  }

  add(rows: number): void {
    const prompt = { kv: this.#prompt!, row: 0 };
    this.#rows.push(...Array.from({ length: rows }, () => prompt));
  }

  drop(place: number): void {
    const last = this.#rows.pop()!;
    if (place < this.#rows.length) this.#rows[place] = last;
  }

  async step(ids: NewTokens): Promise<Logits> {
    // Where there is a GPU, slot-cache.ts is used.
    const tokens = ids as readonly (readonly number[])[];
    const groups = this.#groups();
    const passes: Pass[] = [];
    for (const places of groups) {
      const past = this.#past(places);
      const grown = await this.#session.pass(
        places.map((place) => tokens[place]!),
        past,
      );
      passes.push(grown);
      if (!this.#held.includes(past)) disposeKv(past);
    }
    for (const kv of this.#held) disposeKv(kv);
    this.#held = passes.map(({ kv }) => kv);
    for (const [i, places] of groups.entries()) {
      for (const [row, place] of places.entries()) this.#rows[place] = { kv: passes[i]!.kv, row };
    }
    return groups.length === 1 ? passes[0]!.logits : await this.#joined(passes, groups);
  }

  dispose(): void {
    for (const kv of [this.#prompt, ...this.#held]) if (kv !== null) disposeKv(kv);
  }

  /** Places of the rows that step together, [groups][rows]. */
  #groups(): number[][] {
    const places = [...this.#rows.keys()];
    if (this.#session.graph.ragged) return [places];
    const lengths = [...new Set(this.lengths)];
    return lengths.map((length) => places.filter((place) => lengthOf(this.#rows[place]!) === length));
  }

  /** As it was left, if it still holds these rows and no other; else a copy. */
  #past(places: readonly number[]): Kv {
    const rows = places.map((place) => this.#rows[place]!);
    const { kv } = rows[0]!;
    const same =
      kv !== this.#prompt &&
      rows.length === kv.lengths.length &&
      rows.every((row, i) => row.kv === kv && row.row === i);
    return same ? kv : copyRows(this.#session.runtime, this.#session.graph, rows);
  }

  /** One row's logits behind the other's, in the order of the rows. */
  async #joined(passes: readonly Pass[], groups: readonly (readonly number[])[]): Promise<Logits> {
    const { vocabulary } = passes[0]!.logits;
    const joined = new Float32Array(this.#rows.length * vocabulary);
    for (const [i, { logits }] of passes.entries()) {
      const values = await logits.read();
      for (const [row, place] of groups[i]!.entries()) {
        joined.set(values.subarray(row * vocabulary, (row + 1) * vocabulary), place * vocabulary);
      }
    }
    const { runtime } = this.#session;
    const tensor = new runtime.ort.Tensor("float32", joined, [this.#rows.length, 1, vocabulary]);
    return new Logits(runtime, tensor);
  }
}

function lengthOf({ kv, row }: KvRow): number {
  return kv.lengths[row]!;
}
