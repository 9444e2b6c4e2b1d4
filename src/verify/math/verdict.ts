/** @file Are two texts, each an answer or a solution that ends in one, equivalent? Extraction, then the verdict. In paper-exact mode as the paper does it: boxed strings. */
import { extractAnswer, extractBoxed } from "./extract.ts";
import { readAnswer } from "./read.ts";
import { settleAnswers, type SettleOptions } from "./settle.ts";
import { TooMuchWork, Work } from "./work.ts";

export interface VerdictOptions extends SettleOptions {
  /** String equality of what is boxed, trimmed (v3 §3.2.1, App. I); without a box in both there is no verdict. */
  readonly paperExact?: boolean;
}

export interface MathVerdict {
  readonly equal: boolean | null;
  readonly rule: string;
  readonly a: Side;
  readonly b: Side;
  readonly second: boolean | null;
}

interface Side {
  /** null: no answer found. */
  readonly extracted: string | null;
  /** null where nothing was extracted, and in paper-exact mode, which knows no normal form. */
  readonly normal: string | null;
}

/** Never throws; symmetric and reflexive, save that a text without an answer equals nothing. */
export async function equivalentAnswers(
  a: string,
  b: string,
  { paperExact = false, ...options }: VerdictOptions = {},
): Promise<MathVerdict> {
  if (paperExact) return compareBoxes(extractBoxed(a), extractBoxed(b));
  const [x, y] = [extractGiven(a), extractGiven(b)];
  if (x === null || y === null) {
    const which = x === null && y === null ? "either" : x === null ? "the first" : "the second";
    return {
      equal: null,
      rule: `no answer in ${which}`,
      a: { extracted: x, normal: null },
      b: { extracted: y, normal: null },
      second: null,
    };
  }
  const { equal, rule, second, ...normal } = await settleAnswers(x, y, options);
  return { equal, rule, a: { extracted: x, normal: normal.a }, b: { extracted: y, normal: normal.b }, second };
}

function compareBoxes(x: string | null, y: string | null): MathVerdict {
  const [a, b] = [
    { extracted: x, normal: null },
    { extracted: y, normal: null },
  ];
  if (x === null || y === null) return { equal: null, rule: "no box in both", a, b, second: null };
  const equal = x === y;
  return { equal, rule: equal ? "same boxed text" : "different boxed texts", a, b, second: null };
}

/** Like {@link extractAnswer}, for a text that may itself be the answer: then it is taken as it stands. */
function extractGiven(text: string): string | null {
  const boxed = extractBoxed(text);
  if (boxed !== null) return boxed;
  const whole = text.trim();
  if (whole === "") return null;
  return !isProse(whole) || isAnswer(whole) ? whole : (extractAnswer(text) ?? whole);
}

/** Sentences, rather than an answer that cannot be read: there the last number would be a part of it. */
function isProse(text: string): boolean {
  const words = text.replaceAll(/\\[A-Za-z]+/g, " ").match(/\p{L}{2,}/gu)?.length ?? 0;
  return words >= 3 || /\n|^#|answer(?: is|:)/i.test(text) || (words > 0 && /\$|\\[([]/.test(text));
}

function isAnswer(text: string): boolean {
  try {
    const read = readAnswer(text, new Work());
    return read.kind !== "text" || read.isFormula;
  } catch (error) {
    if (error instanceof TooMuchWork) return true;
    throw error;
  }
}
