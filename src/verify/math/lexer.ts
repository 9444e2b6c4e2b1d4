/** @file An answer as tokens. Knows numbers, letters, words and signs; what they mean together is for the readers. */
import { plus, ratio, whole } from "./arithmetic.ts";
import type { Rational } from "./rational.ts";
import { FUNCTIONS } from "./tree.ts";
import { TEXT_BEGINS, TEXT_ENDS } from "./tidy.ts";

export type Token =
  | {
      readonly type: "number";
      readonly value: Rational;
      readonly text: string;
      /** 10 unless an index says otherwise. */
      readonly base: number;
    }
  | { readonly type: "name"; readonly text: string }
  | { readonly type: "word"; readonly text: string }
  /** Functions, LaTeX commands without their backslash, and single signs. */
  | { readonly type: "sign"; readonly text: string };

const GREEK =
  "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta kappa lambda mu nu xi rho sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Psi Omega";
const LETTERS = new Set(GREEK.split(" "));

/** Other spellings of the same sign. */
const SYNONYMS: Readonly<Record<string, string>> = {
  leq: "<=",
  le: "<=",
  leqslant: "<=",
  geq: ">=",
  ge: ">=",
  geqslant: ">=",
  lt: "<",
  gt: ">",
  neq: "!=",
  ne: "!=",
  times: "*",
  cdot: "*",
  ast: "*",
  div: "/",
  lvert: "|",
  rvert: "|",
  vert: "|",
  mid: "|",
  varnothing: "emptyset",
  colon: ":",
  ldots: "dots",
  cdots: "dots",
  asin: "arcsin",
  acos: "arccos",
  atan: "arctan",
  infinity: "infty",
  infin: "infty",
  inf: "infty",
  land: "and",
  lor: "or",
  wedge: "and",
  vee: "or",
};
/** Commands that may be typed without their backslash. */
const PLAIN = new Set([...FUNCTIONS, "exp", "sqrt", "pi", "infty", "infinity", "inf", "asin", "acos", "atan"]);

const NUMBER = /\d{1,3}(?:,\d{3})+(?![\d,]|, ?\d)(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+/y;
const NUMBER_ALONE = /\d+(?:\.\d*)?|\.\d+/y;
const REPEATING = /\s*\\(?:overline|bar|dot)\s*\{?\s*(\d+)\s*\}?/y;
const INDEX = /\s*_\s*(?:\{\s*([A-Za-z0-9]+)\s*\}|([A-Za-z0-9]))/y;
const RUN = /[A-Za-z]+/y;
const COMMAND = /\\([A-Za-z]+|[{}%$|\\])/y;
const BOARD = /\\mathbb\s*\{?\s*([A-Z])\s*\}?/y;
const PAIRS = /<=|>=|!=|==|\*\*/y;

/** @returns null for text that holds a sign of no known kind. */
export function lex(text: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  let depth = 0;
  let isText = false;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < text.length) {
    const c = text[at]!;
    if (c === " " || c === "\n" || c === "\t") at++;
    else if (c === TEXT_BEGINS || c === TEXT_ENDS) {
      isText = c === TEXT_BEGINS;
      at++;
    } else if (/[\d.]/.test(c)) {
      const found = match(depth === 0 ? NUMBER : NUMBER_ALONE)?.[0];
      if (found === undefined) {
        // Three points are dots; one within words is punctuation.
        if (match(/\.\.\.+/y) !== null) tokens.push({ type: "sign", text: "dots" });
        else if (isText) at++;
        else return null;
        continue;
      }
      const token = readNumber(found, match);
      if (token === null) return null;
      tokens.push(token);
    } else if (/[A-Za-z]/.test(c)) {
      const run = match(RUN)![0];
      if (isText || isWord(run)) tokens.push({ type: "word", text: run });
      else if (PLAIN.has(run)) tokens.push({ type: "sign", text: SYNONYMS[run] ?? run });
      else
        for (const [i, letter] of Array.from(run).entries())
          tokens.push(name(letter, i === run.length - 1 ? match : null));
    } else if (c === "\\") {
      const board = match(BOARD)?.[1];
      if (board !== undefined) {
        tokens.push({ type: "word", text: `\\mathbb{${board}}` });
        continue;
      }
      const command = match(COMMAND)?.[1];
      if (command === undefined) return null;
      if (LETTERS.has(command)) tokens.push(name(command, match));
      else if (command === "{" || command === "}") {
        depth += command === "{" ? 1 : -1;
        tokens.push({ type: "sign", text: `\\${command}` });
      } else tokens.push({ type: "sign", text: command === "\\" ? "newline" : (SYNONYMS[command] ?? command) });
    } else {
      const pair = match(PAIRS)?.[0];
      if (pair !== undefined) {
        tokens.push({ type: "sign", text: pair === "==" ? "=" : pair === "**" ? "^" : pair });
        continue;
      }
      if (!"+-*/^=<>()[]{}|,;:!%&€£¥_'".includes(c)) return null;
      // A brace groups, it encloses no list, except around everything: then commas part members either way.
      if ("([{".includes(c)) depth++;
      if (")]}".includes(c)) depth--;
      at++;
      tokens.push({ type: "sign", text: c });
    }
  }
  return tokens;
}

type Match = (pattern: RegExp) => RegExpExecArray | null;

function name(letter: string, match: Match | null): Token {
  const index = match?.(INDEX);
  const text = index === undefined || index === null ? letter : `${letter}_${index[1] ?? index[2] ?? ""}`;
  return { type: "name", text };
}

function readNumber(found: string, match: Match): Token | null {
  const text = found.replaceAll(",", "");
  const [before = "", after = ""] = text.split(".");
  let value = ratio(BigInt(before + after || "0"), 10n ** BigInt(after.length))!;
  const repeating = text.includes(".") ? match(REPEATING)?.[1] : undefined;
  if (repeating !== undefined) {
    const nines = 10n ** BigInt(repeating.length) - 1n;
    value = plus(value, ratio(BigInt(repeating), nines * 10n ** BigInt(after.length))!);
  }
  const index = match(INDEX);
  if (index === null) return { type: "number", value, text, base: 10 };
  const base = Number(index[1] ?? index[2]);
  if (!(base >= 2 && base <= 36) || text.includes(".")) return null;
  const digits = Array.from(text, Number);
  if (digits.some((d) => d >= base)) return null;
  const inBase = digits.reduce((n, d) => n * BigInt(base) + BigInt(d), 0n);
  return { type: "number", value: whole(inBase), text, base };
}

/**
 * Three letters or more are a word, unless they are in alphabetical order like the factors of a product, or name a function.
 * A word read as a product would equal its anagrams.
 */
export function isWord(run: string): boolean {
  if (run.length < 2 || PLAIN.has(run)) return false;
  if (TWO_LETTER_WORDS.has(run.toLowerCase())) return true;
  if (run.length === 2) return /[A-Z]/.test(run) && /[a-z]/.test(run);
  // "not" and "any" are in order as well: more vowels than in "abc" make a word.
  const isOrdered = Array.from(run).every((c, i) => i === 0 || c > run[i - 1]!);
  return !isOrdered || !/^(?:(?:ab)?[bcdf-hj-np-tv-z]{1,5}|(?:AB)?[BCDF-HJ-NP-TV-Z]{1,5})$/.test(run);
}

/** Words and units that are no products. */
const TWO_LETTER_WORDS = new Set(
  "or no on is it up so if in at of to as we he me be by do go us am an my oh ok cm mm km kg mg ft lb oz ml yd hr mi pm st nd rd th".split(
    " ",
  ),
);
