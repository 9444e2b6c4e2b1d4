/**
 * @file Holds one row to a grammar: which tokens may come next, as a mask for the sampler, and what is left of it after each. Near the end
 * of its tokens a row may only go where it can still end well-formed. Leaves out sampling.
 */
import { type Grammar, ModelError } from "../cat/models.ts";
import { continues, lengthFrom } from "./utf8.ts";
import { add, type TokenSet, type Vocabulary } from "./vocabulary.ts";

/** Where a row is: in a grammar, and perhaps within a character. */
interface Place {
  readonly grammar: Grammar;
  /** Bytes of a character that is not complete. */
  readonly unfinished: readonly number[];
}

/** For characters that are not complete: to a grammar, all beyond ASCII are alike. */
const SOME_WIDE_CHARACTER = "é";
/** What running text may add to the way to the end, at most: three bytes of its last character, and a digit to make a difference. */
const RUNNING = 4;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export class GrammarRow {
  readonly #vocabulary: Vocabulary;
  /** Tokens that are kept back for each part that must still be begun. */
  readonly #share: number;
  #place: Place;
  /** Tokens that may still be drawn. */
  #left: number;

  constructor(vocabulary: Vocabulary, grammar: Grammar, maxTokens: number) {
    this.#vocabulary = vocabulary;
    this.#place = { grammar, unfinished: [] };
    this.#left = maxTokens;
    const spare = maxTokens - 1 - vocabulary.cost(grammar.ending);
    // One share more than is owed stays free: to go on for longer, and to write tags in other than the fewest tokens.
    this.#share = Math.max(0, Math.floor(spare / (grammar.owed + 1)));
  }

  /** What may be drawn next. */
  mask(): TokenSet {
    const { grammar, unfinished } = this.#place;
    const set = this.#fitting();
    if (set.some((word) => word !== 0)) return set;
    // The tokens do not suffice for what is owed. Then the shortest way, as far as it goes.
    if (unfinished.length > 0) for (const { token } of this.#reachable()) add(set, token);
    else {
      const shortest = this.#vocabulary.cost(grammar.ending) - 1;
      for (const { token, rest } of this.#vocabulary.beginnings(grammar.ending)) {
        if (this.#vocabulary.cost(rest) <= shortest) add(set, token);
      }
    }
    return set;
  }

  /** @throws {ModelError} `unexpected` for a token that the mask forbids */
  take(token: number): void {
    this.#left--;
    if (this.#vocabulary.endTokens.has(token)) return;
    const place = follow(this.#place, this.#vocabulary.bytesOf(token));
    if (place === null)
      throw new ModelError("unexpected", `Token ${token} breaks the form of the answer. Load the model again.`);
    this.#place = place;
  }

  /** Tokens after which what is left suffices. */
  #fitting(): TokenSet {
    const { grammar, unfinished } = this.#place;
    const whole = unfinished.length === 0;
    // To what is owed, all running text is alike.
    const running = whole && grammar.room > 0 ? grammar.next("a") : null;
    const runs = running !== null && this.#need({ grammar: running, unfinished }) + RUNNING < this.#left;
    const set = runs ? this.#vocabulary.running(grammar.room).slice() : this.#vocabulary.empty();
    for (const { token, place } of this.#reachable()) if (this.#need(place) < this.#left) add(set, token);
    if (whole && grammar.ending === "") for (const token of this.#vocabulary.endTokens) add(set, token);
    return set;
  }

  /** All tokens that may follow, but for those of running text where that may follow. */
  *#reachable(): Generator<{ token: number; place: Place }> {
    const { grammar, unfinished } = this.#place;
    if (unfinished.length === 0 && grammar.room > 0) {
      for (const { head, tokens } of this.#vocabulary.crossing) {
        const place = follow(this.#place, head);
        if (place !== null) yield* this.#followedBy(place, tokens, head.length);
      }
    } else {
      for (let first = 0; first < 256; first++) {
        const place = follow(this.#place, [first]);
        if (place !== null) yield* this.#followedBy(place, this.#vocabulary.startingWith(first), 1);
      }
    }
  }

  /** @param read bytes of the tokens that lead to the place */
  *#followedBy(from: Place, tokens: readonly number[], read: number): Generator<{ token: number; place: Place }> {
    for (const token of tokens) {
      const place = follow(from, this.#vocabulary.bytesOf(token).subarray(read));
      if (place !== null) yield { token, place };
    }
  }

  /** Tokens from a place to the end, the end token included, with what is kept back. */
  #need({ grammar, unfinished }: Place): number {
    const missing = unfinished.length === 0 ? 0 : lengthFrom(unfinished[0]!) - unfinished.length;
    const { ending, owed } = missing === 0 ? grammar : grammar.next(SOME_WIDE_CHARACTER)!;
    return missing + this.#vocabulary.cost(ending) + owed * this.#share + 1;
  }
}

/** Where some bytes more lead; `null` where they may not follow. */
function follow({ grammar, unfinished }: Place, bytes: Iterable<number>): Place | null {
  let now = grammar;
  let open: number[] = [...unfinished];
  for (const byte of bytes) {
    if (open.length > 0 ? !continues(open, byte) : lengthFrom(byte) === 0) return null;
    const lead = open[0] ?? byte;
    const next = now.next(lead < 0x80 ? String.fromCharCode(byte) : SOME_WIDE_CHARACTER);
    if (next === null) return null;
    open.push(byte);
    if (open.length < lengthFrom(lead)) continue;
    now = lead < 0x80 ? next : now.next(utf8.decode(Uint8Array.from(open)))!;
    open = [];
  }
  return { grammar: now, unfinished: open };
}
