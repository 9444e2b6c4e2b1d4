/**
 * @file A vocabulary as the mask of a grammar needs it: which tokens are running text and of how many characters, which go beyond that,
 * and in how few tokens a text can be written. Made once a model. Leaves out grammars (token-mask.ts).
 */
import type { TokenBytes } from "./token-bytes.ts";
import { continues, lengthFrom } from "./utf8.ts";

const LESS_THAN = 0x3c;
const NO_BYTE = 256;

/** A set of tokens, a bit each, as the samplers take it. */
export type TokenSet = Uint32Array<ArrayBuffer>;

export class Vocabulary {
  /** Tokens with a `<` behind nothing but running text, by that text. */
  readonly crossing: readonly { readonly head: Uint8Array; readonly tokens: readonly number[] }[];
  readonly endTokens: ReadonlySet<number>;
  readonly #tokens: TokenBytes;
  /** Characters of tokens that are running text to their end, which may lie within a character; 0 of others. */
  readonly #lengths: Uint16Array;
  /** Tokens by their first byte. */
  readonly #byFirst: readonly number[][];
  /** Tokens by their first two bytes; those of one byte by that and NO_BYTE. */
  readonly #byPair = new Map<number, number[]>();
  /** Of at most so many characters; made as they are asked for. */
  readonly #running: (TokenSet | undefined)[] = [];
  readonly #longest: number;
  readonly #costs = new Map<string, number>();

  constructor(tokens: TokenBytes, endTokens: ReadonlySet<number>) {
    this.#tokens = tokens;
    this.endTokens = endTokens;
    this.#lengths = new Uint16Array(tokens.starts.length - 1);
    this.#byFirst = Array.from({ length: 256 }, () => []);
    const crossing = new Map<string, { head: Uint8Array; tokens: number[] }>();
    for (let token = 0; token < this.#lengths.length; token++) {
      const bytes = this.bytesOf(token);
      if (bytes.length === 0 || endTokens.has(token)) continue;
      this.#byFirst[bytes[0]!]!.push(token);
      listed(this.#byPair, pairOf(bytes[0]!, bytes[1] ?? NO_BYTE)).push(token);
      const { characters, end } = runOf(bytes);
      if (end === "<") {
        const head = bytes.subarray(0, bytes.indexOf(LESS_THAN));
        const name = head.join();
        if (!crossing.has(name)) crossing.set(name, { head, tokens: [] });
        crossing.get(name)!.tokens.push(token);
      }
      if (end === "none") this.#lengths[token] = characters;
    }
    this.crossing = [...crossing.values()];
    this.#longest = this.#lengths.reduce((most, length) => Math.max(most, length), 0);
  }

  bytesOf(token: number): Uint8Array {
    const { bytes, starts } = this.#tokens;
    return bytes.subarray(starts[token], starts[token + 1]);
  }

  startingWith(byte: number): readonly number[] {
    return this.#byFirst[byte]!;
  }

  empty(): TokenSet {
    return new Uint32Array(Math.ceil(this.#lengths.length / 32));
  }

  /** Tokens of nothing but running text, of at most so many characters; the last may be unfinished. Not to be changed. */
  running(room: number): TokenSet {
    const most = Math.min(room, this.#longest);
    const known = this.#running[most];
    if (known !== undefined) return known;
    const set = this.empty();
    for (let token = 0; token < this.#lengths.length; token++) {
      const length = this.#lengths[token]!;
      if (length > 0 && length <= most) add(set, token);
    }
    this.#running[most] = set;
    return set;
  }

  /** The fewest tokens that write an ASCII text; Infinity if none do. */
  cost(text: string): number {
    const known = this.#costs.get(text);
    if (known !== undefined) return known;
    const costs = this.beginnings(text).map(({ rest }) => 1 + this.cost(rest));
    const cost = text === "" ? 0 : Math.min(...costs);
    this.#costs.set(text, cost);
    return cost;
  }

  /** The tokens that an ASCII text may begin with, and what they leave of it. */
  beginnings(text: string): { token: number; rest: string }[] {
    const found: { token: number; rest: string }[] = [];
    const { bytes, starts } = this.#tokens;
    for (const second of text.length < 2 ? [NO_BYTE] : [NO_BYTE, text.charCodeAt(1)]) {
      // Many tokens are tried, so none gets an array of its own.
      for (const token of this.#byPair.get(pairOf(text.charCodeAt(0), second)) ?? []) {
        const [start, end] = [starts[token]!, starts[token + 1]!];
        let at = start + 1;
        while (at < end && bytes[at] === text.charCodeAt(at - start)) at++;
        if (at === end) found.push({ token, rest: text.slice(end - start) });
      }
    }
    return found;
  }
}

function pairOf(first: number, second: number): number {
  return first * (NO_BYTE + 1) + second;
}

function listed(lists: Map<number, number[]>, key: number): number[] {
  const list = lists.get(key) ?? [];
  if (list.length === 0) lists.set(key, list);
  return list;
}

export function add(set: TokenSet, token: number): void {
  set[token >>> 5]! |= 1 << (token & 31);
}

/** How many characters of running text the bytes begin with, and what ends it before they end. */
function runOf(bytes: Uint8Array): { characters: number; end: "none" | "<" | "other" } {
  let characters = 0;
  for (let at = 0; at < bytes.length; characters++) {
    const lead = bytes[at]!;
    if (lead === LESS_THAN) return { characters, end: "<" };
    const length = lengthFrom(lead);
    if (lead < 0x20 || lead === 0x7f || length === 0) return { characters, end: "other" };
    for (let i = 1; i < length && at + i < bytes.length; i++) {
      if (!continues(bytes.subarray(at, at + i), bytes[at + i]!)) return { characters, end: "other" };
    }
    at += length;
  }
  return { characters, end: "none" };
}
