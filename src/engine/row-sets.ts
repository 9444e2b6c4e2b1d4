/**
 * @file The sets of tokens that go with rows of a batch: what a row has seen, where that is penalised, and what may come next, where there
 * is a grammar. Each such row has a slot of the sampler while it lives, wherever it stands in the batch. Leaves out what masks say.
 */
import type { Row } from "./row.ts";
import { GrammarRow } from "./token-mask.ts";
import type { RowDraw, TokenSampler } from "./token-sampler.ts";

interface Held {
  readonly slot: number;
  readonly penalised: boolean;
  readonly grammar: GrammarRow | null;
}

export class RowSets {
  readonly #sampler: TokenSampler;
  readonly #free: number[];
  /** Of rows that need a slot. */
  readonly #held = new Map<Row, Held>();

  /** @param slots of the sampler, as many as the batch has rows */
  constructor(sampler: TokenSampler, slots: number) {
    this.#sampler = sampler;
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
  }

  /** Must the tokens of a draw be read before the next? */
  get steer(): boolean {
    return [...this.#held.values()].some(({ grammar }) => grammar !== null);
  }

  /** A row may have drawn tokens already, in a batch that was lost. */
  join(row: Row): void {
    const { request, prompt, maxTokens, vocabulary } = row.job;
    const penalised = (request.sampling.repetitionPenalty ?? 1) !== 1;
    const limited = request.grammar !== undefined && vocabulary !== null;
    if (!penalised && !limited) return;
    const slot = this.#free.pop()!;
    if (penalised) this.#sampler.setSeen(slot, [...prompt, ...row.tokens]);
    const grammar = limited ? new GrammarRow(vocabulary, request.grammar, maxTokens) : null;
    for (const token of row.tokens) grammar?.take(token);
    this.#held.set(row, { slot, penalised, grammar });
  }

  /** For the row's next draw. */
  of(row: Row): Pick<RowDraw, "seen" | "mask"> {
    const held = this.#held.get(row);
    if (held === undefined) return { seen: null, mask: null };
    const { slot, penalised, grammar } = held;
    if (grammar !== null) this.#sampler.setMask(slot, grammar.mask());
    return { seen: penalised ? slot : null, mask: grammar === null ? null : slot };
  }

  /** The sampler has noted by itself that the token was seen. */
  take(row: Row, token: number): void {
    this.#held.get(row)?.grammar?.take(token);
  }

  leave(row: Row): void {
    const held = this.#held.get(row);
    if (held === undefined) return;
    this.#held.delete(row);
    this.#free.push(held.slot);
  }
}
