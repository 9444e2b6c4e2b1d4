/**
 * @file The sets of tokens that go with rows of a batch: what a row has seen, where that is penalised, and what may come next, where there
 * is a grammar. Each such row has a slot of the sampler while it lives, wherever it stands in the batch. Leaves out what masks say.
 */
import type { GenerateRequest } from "../cat/models.ts";
import { GrammarRow } from "./token-mask.ts";
import type { RowDraw, TokenSampler } from "./token-sampler.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What is known of a row before its first draw. */
interface Beginning {
  readonly request: GenerateRequest;
  readonly prompt: readonly number[];
  /** `null` where no grammar asks for it. */
  readonly vocabulary: Vocabulary | null;
}

interface Held {
  readonly slot: number;
  readonly penalised: boolean;
  readonly grammar: GrammarRow | null;
}

export class RowSets {
  readonly #sampler: TokenSampler;
  readonly #free: number[];
  /** By row, of those that need a slot. */
  readonly #held = new Map<object, Held>();

  /** @param slots of the sampler, as many as the batch has rows */
  constructor(sampler: TokenSampler, slots: number) {
    this.#sampler = sampler;
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
  }

  /** Must the tokens of a draw be read before the next? */
  get steer(): boolean {
    return [...this.#held.values()].some(({ grammar }) => grammar !== null);
  }

  /** @param tokens that the row has drawn already */
  join(row: object, { request, prompt, vocabulary }: Beginning, tokens: readonly number[] = []): void {
    const penalised = (request.sampling.repetitionPenalty ?? 1) !== 1;
    if (!penalised && request.grammar === undefined) return;
    const { grammar, maxTokens } = request;
    const slot = this.#free.pop()!;
    if (penalised) this.#sampler.setSeen(slot, [...prompt, ...tokens]);
    const held = grammar === undefined ? null : new GrammarRow(vocabulary!, grammar, maxTokens);
    for (const token of tokens) held?.take(token);
    this.#held.set(row, { slot, penalised, grammar: held });
  }

  /** For the row's next draw. */
  of(row: object): Pick<RowDraw, "seen" | "mask"> {
    const held = this.#held.get(row);
    if (held === undefined) return { seen: null, mask: null };
    const { slot, penalised, grammar } = held;
    if (grammar !== null) this.#sampler.setMask(slot, grammar.mask());
    return { seen: penalised ? slot : null, mask: grammar === null ? null : slot };
  }

  /** The sampler has noted by itself that the token was seen. */
  take(row: object, token: number): void {
    this.#held.get(row)?.grammar?.take(token);
  }

  leave(row: object): void {
    const held = this.#held.get(row);
    if (held === undefined) return;
    this.#held.delete(row);
    this.#free.push(held.slot);
  }
}
