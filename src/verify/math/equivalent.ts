/** @file Are two final answers the same? By exact value for numbers, by text otherwise; what neither settles is undecided. */
import { readRational, writeRational } from "./rational.ts";

export interface Equivalence {
  /** null: could not be decided, which is not "no". */
  readonly equal: boolean | null;
  /** Which rule decided, for people. */
  readonly rule: string;
  /** Normal forms of the two. */
  readonly a: string;
  readonly b: string;
}

/** Symmetric and reflexive; never throws; evaluates nothing. */
export function sameAnswer(a: string, b: string): Equivalence {
  const [x, y] = [readRational(a), readRational(b)];
  const forms = { a: x === null ? plainText(a) : writeRational(x), b: y === null ? plainText(b) : writeRational(y) };
  if (x !== null && y !== null) {
    const equal = x.numerator === y.numerator && x.denominator === y.denominator;
    return { equal, rule: equal ? "same number" : "different numbers", ...forms };
  }
  if (forms.a === forms.b) return { equal: true, rule: "same text", ...forms };
  return { equal: null, rule: "different texts, not both numbers", ...forms };
}

/** Spacing, dollar signs and a final full stop do not tell answers apart. */
function plainText(answer: string): string {
  return answer
    .replaceAll("$", "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/\s*\.$/, "");
}
