/** @file Intervals and matrices: what brackets can mean besides order of calculation. */
import type { Answer, Interval } from "./answer.ts";
import { readExpression } from "./expression.ts";
import type { Token } from "./lexer.ts";
import { enclosed, isSign, splitAt } from "./split.ts";
import { product, type Tree } from "./tree.ts";
import { MOST_MEMBERS } from "./work.ts";

/** Two plain values in brackets as an interval. @returns null for anything else, an infinite end that is closed or on the wrong side included. */
export function intervalOf(answer: Answer): readonly [Interval] | null {
  if (answer.kind !== "tuple" || answer.items.length !== 2) return null;
  const [low, high] = answer.items;
  if (low?.kind !== "value" || high?.kind !== "value" || low.unit !== null || high.unit !== null) return null;
  const [lowClosed, highClosed] = [answer.open === "[", answer.close === "]"];
  const [below, above] = [infinity(low.tree), infinity(high.tree)];
  if (below === 1 || above === -1 || (below !== 0 && lowClosed) || (above !== 0 && highClosed)) return null;
  return [{ low: below === 0 ? low.tree : null, lowClosed, high: above === 0 ? high.tree : null, highClosed }];
}

/** The sign of an infinity; 0 for anything else. */
export function infinity(tree: Tree): -1 | 0 | 1 {
  const is = (t: Tree | undefined) => t?.type === "constant" && t.name === "infinity";
  if (is(tree)) return 1;
  return tree.type === "product" &&
    tree.factors.length === 2 &&
    tree.factors[0]?.type === "number" &&
    is(tree.factors[1])
    ? -1
    : 0;
}

const MATRICES = new Set(["pmatrix", "bmatrix", "Bmatrix", "matrix", "smallmatrix"]);

/** A matrix, with a factor before it taken in. A determinant is none. */
export function readMatrix(tokens: readonly Token[]): Answer | null {
  const begin = tokens.findIndex((t) => isSign(t, "begin"));
  const end = tokens.findLastIndex((t) => isSign(t, "end"));
  const name = tokens[begin + 2];
  if (
    begin === -1 ||
    end <= begin ||
    name?.type !== "word" ||
    !MATRICES.has(name.text) ||
    tokens[end + 2]?.text !== name.text
  )
    return null;
  if (end + 4 !== tokens.length || tokens.slice(begin + 1, end).some((t) => isSign(t, "begin"))) return null;
  const before = tokens.slice(0, begin).filter((t, i, all) => !(i === all.length - 1 && isSign(t, "*")));
  const factor = before.length === 0 ? null : readExpression(before);
  if (before.length > 0 && factor === null) return null;
  const inside = tokens.slice(begin + 4, end);
  const lines = splitAt(inside, (t) => isSign(t, "newline")).runs.filter((run) => run.length > 0);
  const rows: Tree[][] = [];
  for (const line of lines) {
    const row: Tree[] = [];
    for (const run of splitAt(line, (t) => isSign(t, "&")).runs) {
      const entry = readExpression(enclosed(run) !== null && isSign(run[0], "{") ? enclosed(run)! : run);
      if (entry === null) return null;
      row.push(factor === null ? entry : product([factor, entry]));
    }
    rows.push(row);
  }
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.length * width > MOST_MEMBERS || rows.some((row) => row.length !== width)) return null;
  return { kind: "matrix", rows };
}
