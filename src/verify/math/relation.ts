/** @file Equations and inequalities: solved for one unknown where that takes no algebra or a division, else as what is zero or positive. */
import { approximate, size } from "./approximate.ts";
import { type Answer, type Interval, value } from "./answer.ts";
import { readExpression } from "./expression.ts";
import { identical } from "./identity.ts";
import type { Token } from "./lexer.ts";
import { linearIn } from "./linear.ts";
import { isSign, splitAt } from "./split.ts";
import { letters, negative, quotient, sum, type Tree } from "./tree.ts";
import type { Work } from "./work.ts";

const RELATIONS = ["=", "approx", "in", "<", ">", "<=", ">=", "!="];

export function isRelation(token: Token): boolean {
  return isSign(token, ...RELATIONS);
}

type ReadSide = (tokens: readonly Token[]) => Answer | null;

/** @param tokens with at least one relation outside of brackets. */
export function readRelation(tokens: readonly Token[], read: ReadSide, work: Work): Answer | null {
  const { runs, separators } = splitAt(tokens, isRelation);
  const signs = separators.map((t) => t.text);
  if (signs.every((s) => s === "=" || s === "approx")) return readEquation(runs, read, work);
  if (signs.length === 1 && signs[0] === "in") {
    const name = nameOf(runs[0]!);
    const range = name === null ? null : read(runs[1]!);
    return range === null ? null : { kind: "named", name: name!.name, isFunction: false, value: asRange(range) };
  }
  const sides = runs.map((run) => readExpression(run));
  if (sides.some((s) => s === null)) return null;
  return readInequality(
    sides.map((s) => s!),
    signs,
    work,
  );
}

/** Behind "x ∈" a bracket of two is an interval. */
function asRange(range: Answer): Answer {
  if (range.kind !== "tuple" || range.items.length !== 2) return range;
  const [low, high] = range.items;
  if (low?.kind !== "value" || high?.kind !== "value") return range;
  return {
    kind: "region",
    intervals: [{ low: low.tree, lowClosed: range.open === "[", high: high.tree, highClosed: range.close === "]" }],
  };
}

function readEquation(runs: readonly (readonly Token[])[], read: ReadSide, work: Work): Answer | null {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  if (last.length === 0) return null;
  // "= 5" says 5.
  if (first.length === 0) return runs.length === 2 ? read(last) : null;
  const named = nameOf(first);
  if (named !== null && runs.every((run) => run.length > 0)) {
    const right = read(last);
    if (right !== null && !(right.kind === "value" && letters(right.tree).includes(named.name)))
      return { kind: "named", ...named, value: right };
  }
  const swapped = runs.length === 2 ? nameOf(last) : null;
  const left = swapped === null || swapped.isFunction ? null : read(first);
  if (swapped !== null && left?.kind === "value" && !letters(left.tree).includes(swapped.name))
    return { kind: "named", ...swapped, value: left };
  const sides = runs.map((run) => readExpression(run));
  if (sides.some((s) => s === null)) return null;
  const trees = sides.map((s) => s!);
  if (trees.every((t) => letters(t).length === 0)) {
    // "3 × 5 = 15" says 15, if it is true.
    const holds = trees.every((t) => identical(trees[0]!, t, work).equal === true);
    return holds ? value(trees.at(-1)!) : null;
  }
  return trees.length === 2 ? { kind: "equation", tree: sum([trees[0]!, negative(trees[1]!)]) } : null;
}

/** "x", "f(x)", "(x, y)". */
function nameOf(tokens: readonly Token[]): { readonly name: string; readonly isFunction: boolean } | null {
  const [head, open, ...rest] = tokens;
  if (tokens.length === 1 && head?.type === "name" && head.text !== "e" && head.text !== "i")
    return { name: head.text, isFunction: false };
  const inner = isSign(head, "(") ? tokens.slice(1) : head?.type === "name" && isSign(open, "(") ? rest : null;
  if (inner === null || !isSign(inner.at(-1), ")")) return null;
  const isTuple = isSign(head, "(");
  const plain = inner.slice(0, -1).every((t, i) => (i % 2 === 0 ? t.type === "name" : isSign(t, ",")));
  if (!plain || inner.length % 2 !== 0 || (isTuple && inner.length < 4)) return null;
  return { name: tokens.map((t) => t.text).join(""), isFunction: !isTuple };
}

const TURNED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!=" };

function readInequality(sides: readonly Tree[], signs: readonly string[], work: Work): Answer | null {
  const names = letters(...sides);
  if (names.length === 0) return null;
  if (sides.length === 2) {
    const [left, right] = [sides[0]!, sides[1]!];
    const sign = signs[0]!;
    const difference = sum([left, negative(right)]);
    const solved = names.length === 1 ? solve(difference, names[0]!, sign, work) : null;
    if (solved !== null)
      return { kind: "named", name: names[0]!, isFunction: false, value: { kind: "region", intervals: solved } };
    if (!(sign in TURNED) || sign === "!=") return null;
    return {
      kind: "inequality",
      tree: sign.startsWith(">") ? difference : negative(difference),
      orZero: sign.endsWith("="),
    };
  }
  return readChain(sides, signs, names);
}

/** a < x ≤ b. */
function readChain(sides: readonly Tree[], signs: readonly string[], names: readonly string[]): Answer | null {
  const [a, x, b] = sides;
  if (sides.length !== 3 || a === undefined || b === undefined || x?.type !== "name" || names.length !== 1) return null;
  if (letters(a, b).length > 0) return null;
  const rising = signs.every((s) => s === "<" || s === "<=");
  const falling = signs.every((s) => s === ">" || s === ">=");
  if (!rising && !falling) return null;
  const closed = signs.map((s) => s.endsWith("="));
  const interval: Interval = rising
    ? { low: a, lowClosed: closed[0]!, high: b, highClosed: closed[1]! }
    : { low: b, lowClosed: closed[1]!, high: a, highClosed: closed[0]! };
  return { kind: "named", name: x.name, isFunction: false, value: { kind: "region", intervals: [interval] } };
}

/** difference ⋚ 0 for a linear difference. @returns null where it is not, or where the sign of the slope is unknown. */
function solve(difference: Tree, name: string, sign: string, work: Work): readonly Interval[] | null {
  const linear = linearIn(difference, name);
  const slope = linear === null ? null : approximate(linear.slope, { values: new Map(), complex: false }, work);
  if (linear === null || slope === null || slope.im !== 0 || size(slope) <= 4 * slope.error) return null;
  const bound = quotient(negative(linear.constant), linear.slope);
  const turned = slope.re < 0 ? TURNED[sign] : sign;
  switch (turned) {
    case "<":
    case "<=":
      return [{ low: null, lowClosed: false, high: bound, highClosed: turned === "<=" }];
    case ">":
    case ">=":
      return [{ low: bound, lowClosed: turned === ">=", high: null, highClosed: false }];
    case "!=":
      return [
        { low: null, lowClosed: false, high: bound, highClosed: false },
        { low: bound, lowClosed: false, high: null, highClosed: false },
      ];
    default:
      return null;
  }
}
