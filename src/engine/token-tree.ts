/**
 * @file Texts as a tree of tokens, in which what they begin with stands once: so that one row reads them all, each token seeing what it follows and
 * no more. Leaves out reading it (read-tree.ts).
 */
import { type FloatType, zeros } from "./floats.ts";

export interface TokenTree {
  /** Each behind what it follows, [tokens]. */
  readonly tokens: readonly number[];
  /** Which token each follows, −1 for none, [tokens]. */
  readonly parents: readonly number[];
  /** Where in its own text each stands, [tokens]. */
  readonly positions: readonly number[];
  /** The last token of each text, [texts]. */
  readonly ends: readonly number[];
}

/** Unlike texts share a tree up to so many tokens: fewer passes, though on a CPU what attention skips is computed too (docs/decisions/0015). */
const FEW = 256;
/** A text of which half is there joins until the tree is so many times as long: reading its beginning again is cheaper then. */
const SHARED = 3;

/**
 * Texts that follow each other, none empty, in trees.
 * @param most tokens of a tree; a text that is longer has its own
 */
export function tokenTrees(texts: readonly (readonly number[])[], most: number): TokenTree[] {
  const trees: GrowingTree[] = [];
  for (const text of texts) {
    const tree = trees.at(-1);
    if (tree?.hasRoomFor(text, most) === true) tree.add(text);
    else trees.push(new GrowingTree(text));
  }
  return trees;
}

/** A score less this is nothing behind a softmax: −2¹⁵, which half precision has too, by its bits. */
const UNSEEN = { float32: -32_768, float16: 0xf8_00 } as const;

/** What is added to the scores of tokens from `start` on against all before `end`: 0 for itself and what it follows, [end − start, end]. */
export function biasOf(
  { parents }: TokenTree,
  { start, end }: { readonly start: number; readonly end: number },
  type: FloatType,
): ReturnType<typeof zeros> {
  const bias = zeros(type, (end - start) * end).fill(UNSEEN[type]);
  for (let token = start; token < end; token++) {
    for (let seen = token; seen >= 0; seen = parents[seen]!) bias[(token - start) * end + seen] = 0;
  }
  return bias;
}

class GrowingTree implements TokenTree {
  readonly tokens: number[] = [];
  readonly parents: number[] = [];
  readonly positions: number[] = [];
  readonly ends: number[] = [];
  /** Of each token what follows it, by token; of −1 what begins a text. */
  readonly #next = new Map<number, Map<number, number>>();

  constructor(text: readonly number[]) {
    this.add(text);
  }

  hasRoomFor(text: readonly number[], most: number): boolean {
    const shared = this.#path(text).length;
    const tokens = this.tokens.length + text.length - shared;
    const long = 2 * shared >= text.length ? SHARED * text.length : 0;
    return tokens <= Math.min(Math.max(FEW, long), most);
  }

  add(text: readonly number[]): void {
    const path = this.#path(text);
    let at = path.at(-1) ?? -1;
    for (let position = path.length; position < text.length; position++) {
      const place = this.tokens.push(text[position]!) - 1;
      this.parents.push(at);
      this.positions.push(position);
      const next = this.#next.get(at);
      if (next === undefined) this.#next.set(at, new Map([[text[position]!, place]]));
      else next.set(text[position]!, place);
      at = place;
    }
    this.ends.push(at);
  }

  /** As much of the text as is there. */
  #path(text: readonly number[]): number[] {
    const path: number[] = [];
    for (const token of text) {
      const place = this.#next.get(path.at(-1) ?? -1)?.get(token);
      if (place === undefined) break;
      path.push(place);
    }
    return path;
  }
}
