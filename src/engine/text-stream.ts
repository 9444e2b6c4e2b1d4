/** @file Turns the tokens of one row into text as they come; half a character is held back until the rest arrives. */
import type { Tokenizer } from "./tokenizer.ts";

export class TextStream {
  readonly #tokenizer: Tokenizer;
  /** Tokens whose text may still depend on a neighbour: some that were given out, for context, then those held back. */
  #window: number[] = [];
  #given = 0;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** @returns the text that the token completes; "" while a character is incomplete. */
  push(token: number): string {
    this.#window.push(token);
    const text = this.#pending();
    if (text.endsWith("\ufffd")) return "";
    this.#window = this.#window.slice(this.#given);
    this.#given = this.#window.length;
    return text;
  }

  /** @returns what was held back, now that nothing follows. */
  finish(): string {
    const text = this.#pending();
    this.#window = [];
    this.#given = 0;
    return text;
  }

  /** Decoded together with what was given out, because some tokenizers write a leading space only behind other text. */
  #pending(): string {
    if (this.#given === this.#window.length) return "";
    const before = this.#tokenizer.decode(this.#window.slice(0, this.#given));
    return this.#tokenizer.decode(this.#window).slice(before.length);
  }
}
