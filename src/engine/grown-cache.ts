/** @file The cache of rows where each step gives a longer one: wasm and Node. Rows come and go by copying, once before the next step. */
import { copyRows, disposeKv, type Kv, type KvRow } from "./kv.ts";
import type { Logits } from "./logits.ts";
import { prefill } from "./prefill.ts";
import type { RowCache } from "./row-cache.ts";
import type { NewTokens, PassingSession } from "./session.ts";

export class GrownCache implements RowCache {
  readonly #session: PassingSession;
  #prompt: Kv | null = null;
  #batch: Kv | null = null;
  /** What the next step's rows are copies of; `null`: the batch as it is. */
  #arranged: KvRow[] | null = null;
  /** Prompts that rows still have to be copied from. */
  #kept: Kv[] = [];

  constructor(session: PassingSession) {
    this.#session = session;
  }

  get lengths(): readonly number[] {
    return this.#rows().map(({ kv, row }) => kv.lengths[row]!);
  }

  async prefill(prompt: readonly number[]): Promise<Logits> {
    const { logits, kv } = await prefill(this.#session, prompt, this.#session.emptyKv());
    if (this.#prompt !== null) this.#kept.push(this.#prompt);
    this.#prompt = kv;
    return logits;
  }

  add(rows: number): void {
    const prompt = { kv: this.#prompt!, row: 0 };
    this.#arranged = [...this.#rows(), ...Array.from({ length: rows }, () => prompt)];
  }

  drop(place: number): void {
    const rows = [...this.#rows()];
    const last = rows.pop()!;
    if (place < rows.length) rows[place] = last;
    this.#arranged = rows;
  }

  async step(ids: NewTokens): Promise<Logits> {
    const past = this.#arrange();
    const { logits, kv } = await this.#session.pass(ids, past);
    disposeKv(past);
    this.#batch = kv;
    return logits;
  }

  dispose(): void {
    for (const kv of [this.#prompt, this.#batch, ...this.#kept]) if (kv !== null) disposeKv(kv);
  }

  #rows(): readonly KvRow[] {
    return this.#arranged ?? this.#batch?.lengths.map((_, row) => ({ kv: this.#batch!, row })) ?? [];
  }

  #arrange(): Kv {
    if (this.#arranged === null) return this.#batch!;
    const { runtime, graph } = this.#session;
    const batch = copyRows(runtime, graph, this.#arranged);
    for (const kv of [this.#batch, ...this.#kept]) if (kv !== null) disposeKv(kv);
    this.#batch = batch;
    this.#arranged = null;
    this.#kept = [];
    return batch;
  }
}
