/** @file Reads a tree of tokens in one row, piece by piece, and gives the logits of asked tokens. Leaves out which texts make a tree (token-tree.ts). */
import type { Stop } from "../cat/models.ts";
import { disposeKv } from "./kv.ts";
import type { Logits } from "./logits.ts";
import type { PassingSession, Position } from "./session.ts";
import type { TokenTree } from "./token-tree.ts";

/** Tokens of a pass, so that its memory has a bound: more gained nothing that was measured. */
const PIECE = 256;

/** What one pass gave. */
export interface TreeLogits {
  /** Which tokens of the tree; at least one. */
  readonly tokens: readonly number[];
  /** Of these, [tokens]; whoever takes them disposes of them. */
  readonly logits: Logits;
}

/** @param asked tokens of the tree, by their places in it, in any order */
export async function* readTree(
  session: PassingSession,
  tree: TokenTree,
  asked: readonly number[],
  { piece = PIECE, stop }: { readonly piece?: number; readonly stop?: Stop | undefined } = {},
): AsyncGenerator<TreeLogits, void> {
  let kv = session.emptyKv();
  try {
    for (let start = 0; start < tree.tokens.length; start += piece) {
      stop?.throwIfAborted();
      const tokens = [...new Set(asked)].filter((token) => token >= start && token < start + piece);
      const wanted = tokens.map((token): Position => [0, token - start]);
      const longer = await session.pass([tree.tokens.slice(start, start + piece)], kv, wanted, tree);
      disposeKv(kv);
      ({ kv } = longer);
      if (tokens.length > 0) yield { tokens, logits: longer.logits };
      else longer.logits.dispose();
    }
  } finally {
    disposeKv(kv);
  }
}
