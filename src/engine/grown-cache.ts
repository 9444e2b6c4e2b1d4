/**
 * @file The cache of rows where each step gives a longer one: wasm and Node. Rows come and go by copying, once before the next step. Where a
 * graph wants rows of equal length (attention.ts), each length makes a pass of its own; rows of one prompt always share theirs.
 */
import { copyRows, disposeKv, type Kv, type KvRow } from "./kv.ts";
import { Logits } from "./logits.ts";
import { prefill } from "./prefill.ts";
import type { RowCache } from "./row-cache.ts";
import type { NewTokens, Pass, PassingSession } from "./session.ts";
import { sharedLength } from "./shared-head.ts";

export class GrownCache implements RowCache {
  readonly #session: PassingSession;
  #prompt: { readonly tokens: readonly number[]; readonly kv: Kv } | null = null;
  #rows: KvRow[] = [];
  /** What rows are read from, and have not been copied out of yet. */
  #held: Kv[] = [];

  constructor(session: PassingSession) {
    this.#session = session;
  }

  async prefill(prompt: readonly number[], places: 0 | 1): Promise<Logits> {
    const before = this.#prompt;
    const known = before === null ? 0 : sharedLength(before.tokens, prompt);
    const past = known === 0 ? this.#session.emptyKv() : this.#beginning(before!.kv, known);
    const { logits, kv } = await prefill(this.#session, prompt.slice(known), past, places);
    disposeKv(past);
    if (before !== null) this.#held.push(before.kv);
    this.#prompt = { tokens: prompt, kv };
    return logits;
  }

  /** A copy of the first tokens of a prompt. */
  #beginning(prompt: Kv, tokens: number): Kv {
    const { runtime, graph } = this.#session;
    return copyRows(runtime, graph, [{ kv: { ...prompt, lengths: [tokens] }, row: 0 }]);
  }

  add(rows: number): void {
    const prompt = { kv: this.#prompt!.kv, row: 0 };
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
    for (const group of groups) {
      const past = this.#past(group);
      const grown = await this.#session.pass(
        group.map((place) => tokens[place]!),
        past,
      );
      passes.push(grown);
      if (!this.#held.includes(past)) disposeKv(past);
    }
    for (const kv of this.#held) disposeKv(kv);
    // While it was kept, each collection of garbage had to go through all memory: rollouts took a quarter longer.
    if (this.#prompt !== null) disposeKv(this.#prompt.kv);
    this.#prompt = null;
    this.#held = passes.map(({ kv }) => kv);
    for (const [i, group] of groups.entries()) {
      for (const [row, place] of group.entries()) this.#rows[place] = { kv: passes[i]!.kv, row };
    }
    return groups.length === 1 ? passes[0]!.logits : await this.#joined(passes, groups);
  }

  dispose(): void {
    for (const kv of this.#held) disposeKv(kv);
    if (this.#prompt !== null) disposeKv(this.#prompt.kv);
  }

  /** Places of the rows that step together, [groups][rows]. */
  #groups(): number[][] {
    const places = [...this.#rows.keys()];
    if (this.#session.graph.ragged) return [places];
    const lengths = [...new Set(this.#rows.map(lengthOf))];
    return lengths.map((length) => places.filter((place) => lengthOf(this.#rows[place]!) === length));
  }

  /** As it was left, if it still holds these rows and no other; else a copy. */
  #past(places: readonly number[]): Kv {
    const rows = places.map((place) => this.#rows[place]!);
    const { kv } = rows[0]!;
    const same =
      kv !== this.#prompt?.kv &&
      rows.length === kv.lengths.length &&
      rows.every((row, i) => row.kv === kv && row.row === i);
    return same ? kv : copyRows(this.#session.runtime, this.#session.graph, rows);
  }

  /** The logits of all rows, one behind the other. */
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
    return new Logits(runtime, new runtime.ort.Tensor("float32", joined, [this.#rows.length, 1, vocabulary]));
  }
}

function lengthOf({ kv, row }: KvRow): number {
  return kv.lengths[row]!;
}
