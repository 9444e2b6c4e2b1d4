/**
 * @file Finds the final answer in a worked solution, by this order of trust:
 * 1. the last `\boxed{…}` or `\fbox{…}` whose braces balance;
 * 2. what follows the last "answer is" or "answer:", if it is mathematics, a number, a choice or a few words;
 * 3. the last displayed formula, `\[…\]` or `$$…$$`;
 * 4. the last formula between dollars, if no number comes after it;
 * 5. the last number.
 * Reads no formula: what it means is for read.ts.
 */
import { isWord } from "./lexer.ts";

/** A longer formula is a derivation. */
const LONGEST_FORMULA = 300;
/** Solutions are searched from their end; answers do not stand further up. */
const LONGEST_TEXT = 20_000;
const MOST_WORDS = 3;

/** @returns the answer as written, trimmed; null when there is none. */
export function extractAnswer(text: string): string | null {
  const end = text.slice(-LONGEST_TEXT);
  return extractBoxed(text) ?? afterAnswerIs(end) ?? displayed(end) ?? inline(end) ?? lastNumber(end);
}

/** The content of the last box whose braces balance; null when there is none or it is empty. */
export function extractBoxed(text: string): string | null {
  const end = text.slice(-LONGEST_TEXT);
  for (const { index, 0: opening } of [...end.matchAll(/\\(?:boxed|fbox)\s*\{/g)].reverse()) {
    const open = index + opening.length - 1;
    const close = closing(end, open);
    const content = close === -1 ? "" : end.slice(open + 1, close).trim();
    if (content !== "") return content;
  }
  return null;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

/** Behind "answer is" the result follows at once, unless a calculation does: then it is what comes last. */
function afterAnswerIs(text: string): string | null {
  const said = [...text.matchAll(/answer(?: is|:)\s*([^\n]+)/gi)].at(-1)?.[1];
  if (said === undefined) return null;
  const sentence = said
    .split(/\.\s|\.$/)[0]!
    .replaceAll(/\*\*|(?<!\\)\$|\\[()[\]]/g, "")
    .trim();
  if (isMathematics(sentence)) return result(sentence);
  const number = numbers(sentence).at(sentence.includes("=") ? -1 : 0);
  if (number !== undefined) return number;
  const words = sentence.split(/\s+/).length;
  return words <= MOST_WORDS && /^[\p{L}-]+(?: [\p{L}-]+)*$/u.test(sentence) ? sentence : null;
}

/** Nothing but signs, numbers, letters, commands, and what joins alternatives. */
function isMathematics(text: string): boolean {
  if (text.length > LONGEST_FORMULA || !/[\dA-Za-z]/.test(text)) return false;
  const words = text.replaceAll(/\\[A-Za-z]+/g, " ").match(/\p{L}+/gu) ?? [];
  return words.every(
    (word) => word === "or" || word === "and" || (/^[A-Za-z]+$/.test(word) && !isWord(word)) || /^[α-ωπ]$/u.test(word),
  );
}

/** Of "3 × 4 = 12" the last side; of "x = 12" all, because the name may matter. */
function result(formula: string): string {
  const sides = formula.split("=");
  if (sides.length === 1 || /^\s*(?:[A-Za-z](?:\s*\([^()]*\))?|\([^()]*\))\s*$/.test(sides[0]!)) return formula;
  return sides.at(-1)!.trim();
}

function displayed(text: string): string | null {
  return lastFormula(text, /\\\[((?:[^\\]|\\[^\]])*)\\\]|\$\$([^$]*)\$\$/g)?.formula ?? null;
}

function inline(text: string): string | null {
  const last = lastFormula(text, /(?<![\\$])\$([^$\n]+)\$|\\\(((?:[^\\\n]|\\[^)])*)\\\)/g);
  return last !== null && numbers(text.slice(last.end)).length === 0 && !/^[\d.,\s]+$/.test(last.formula)
    ? last.formula
    : null;
}

function lastFormula(text: string, pattern: RegExp): { readonly formula: string; readonly end: number } | null {
  const found = [...text.matchAll(pattern)].at(-1);
  const formula = (found?.[1] ?? found?.[2] ?? "").trim().replace(/[.,;]$/, "");
  if (found === undefined || formula === "" || formula.length > LONGEST_FORMULA) return null;
  return { formula, end: found.index + found[0].length };
}

function lastNumber(text: string): string | null {
  return numbers(text).at(-1) ?? null;
}

/** A minus after a number or a bracket subtracts; it is no sign. */
const NUMBER =
  /(?:(?<![\d)]\s*)[-−–])?(?:\\[dtc]?frac\s*\{[^{}]+\}\s*\{[^{}]+\}|(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s*\/\s*\d+)?)/g;

function numbers(text: string): string[] {
  return [...text.matchAll(NUMBER)].map(([number]) => number.replace(/,+$/, ""));
}
