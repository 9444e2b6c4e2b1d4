/**
 * @file A vocabulary as the mask of a grammar needs it: which tokens are running text and of how many characters, which go beyond that,
 * and in how few tokens a text can be written. Made once a model. Leaves out grammars (token-mask.ts).
 */
import type { TokenBytes } from "./token-bytes.ts";
import { continues, lengthFrom } from "./utf8.ts";

const LESS_THAN = 0x3c;

/** A set of tokens, a bit each, as the samplers take it. */
export type TokenSet = Uint32Array<ArrayBuffer>;

export class Vocabulary {
  /** Tokens that are running text but for a `<` in them or a character that goes on in the next. */
  readonly crossing: readonly number[];
  readonly endTokens: ReadonlySet<number>;
  readonly #tokens: TokenBytes;
  /** Characters of tokens that are running text throughout; 0 of others. */
  readonly #lengths: Uint16Array;
  /** Tokens by their first byte. */
  readonly #byFirst: readonly number[][];
  /** Of at most so many characters; made as they are asked for. */
  readonly #running: (TokenSet | undefined)[] = [];
  readonly #longest: number;
  /** ASCII tokens by their text. */
  readonly #ascii = new Map<string, number>();
  readonly #costs = new Map<string, number>();

  constructor(tokens: TokenBytes, endTokens: ReadonlySet<number>) {
    this.#tokens = tokens;
    this.endTokens = endTokens;
    this.#lengths = new Uint16Array(tokens.starts.length - 1);
    this.#byFirst = Array.from({ length: 256 }, () => []);
    const crossing: number[] = [];
    for (let token = 0; token < this.#lengths.length; token++) {
      const bytes = this.bytesOf(token);
      if (bytes.length === 0 || endTokens.has(token)) continue;
      this.#byFirst[bytes[0]!]!.push(token);
      const { characters, end } = runOf(bytes);
      if (end === "whole") this.#lengths[token] = characters;
      else if (end === "crossing") crossing.push(token);
      if (bytes.every((byte) => byte < 0x80)) this.#ascii.set(String.fromCharCode(...bytes), token);
    }
    this.crossing = crossing;
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

  /** Tokens of nothing but running text, of at most so many characters. Not to be changed. */
  running(room: number): TokenSet {
    const most = Math.min(room, this.#longest);
    const known = this.#running[most];
    if (known !== undefined) return known;
    const set = this.empty();
    for (const [token, length] of this.#lengths.entries()) if (length > 0 && length <= most) add(set, token);
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
    for (let length = 1; length <= text.length; length++) {
      const token = this.#ascii.get(text.slice(0, length));
      if (token !== undefined) found.push({ token, rest: text.slice(length) });
    }
    return found;
  }
}

export function add(set: TokenSet, token: number): void {
  set[token >>> 5]! |= 1 << (token & 31);
}

/** How far the bytes are running text, and whether that is to their end, to a `<` or the end of the bytes within a character, or less. */
function runOf(bytes: Uint8Array): { characters: number; end: "whole" | "crossing" | "other" } {
  let characters = 0;
  for (let at = 0; at < bytes.length; characters++) {
    const lead = bytes[at]!;
    if (lead === LESS_THAN) return { characters, end: "crossing" };
    const length = lengthFrom(lead);
    if (lead < 0x20 || lead === 0x7f || length === 0) return { characters, end: "other" };
    const whole = [...bytes.subarray(at, at + length)];
    if (whole.some((byte, i) => i > 0 && !continues(whole.slice(0, i), byte))) return { characters, end: "other" };
    if (whole.length < length) return { characters, end: "crossing" };
    at += length;
  }
  return { characters, end: "whole" };
}
