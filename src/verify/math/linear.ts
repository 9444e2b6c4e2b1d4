/** @file A linear expression in one letter, taken apart: slope and constant. */
import { whole } from "./arithmetic.ts";
import { letters, number, product, quotient, sum, type Tree } from "./tree.ts";

export interface Linear {
  readonly slope: Tree;
  readonly constant: Tree;
}

const NIL = number(whole(0));

/** @returns null when the letter stands anywhere but in sums and in one factor of a product. */
export function linearIn(tree: Tree, letter: string): Linear | null {
  if (!letters(tree).includes(letter)) return { slope: NIL, constant: tree };
  switch (tree.type) {
    case "name":
      return { slope: number(whole(1)), constant: NIL };
    case "sum": {
      const all = tree.terms.map((t) => linearIn(t, letter));
      if (all.some((l) => l === null)) return null;
      return { slope: sum(all.map((l) => l!.slope)), constant: sum(all.map((l) => l!.constant)) };
    }
    case "product": {
      const with_ = tree.factors.filter((f) => letters(f).includes(letter));
      const inner = with_.length === 1 ? linearIn(with_[0]!, letter) : null;
      if (inner === null) return null;
      const rest = tree.factors.filter((f) => f !== with_[0]);
      return { slope: product([...rest, inner.slope]), constant: product([...rest, inner.constant]) };
    }
    case "quotient": {
      const inner = letters(tree.under).includes(letter) ? null : linearIn(tree.over, letter);
      if (inner === null) return null;
      return { slope: quotient(inner.slope, tree.under), constant: quotient(inner.constant, tree.under) };
    }
    case "number":
    case "constant":
    case "power":
    case "root":
    case "call":
      return null;
    default:
      return tree satisfies never;
  }
}
