/** @file Answers in words: numbers from "zero" to the millions with halves and thirds, "no solution", "all real numbers", choices (A)–(J). */
import { over, plus, times, whole } from "./arithmetic.ts";
import { type Answer, value } from "./answer.ts";
import type { Rational } from "./rational.ts";
import { TEXT_BEGINS, TEXT_ENDS } from "./tidy.ts";
import { number } from "./tree.ts";

const ONES =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const SMALL = new Map([
  ...ONES.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
]);
const LARGE = new Map([
  ["thousand", 1000],
  ["million", 1_000_000],
  ["billion", 1_000_000_000],
]);
const PARTS = new Map(
  "half third quarter fourth fifth sixth seventh eighth ninth tenth"
    .split(" ")
    .map((word, i) => [word, i < 2 ? i + 2 : i === 2 ? 4 : i + 1] as const),
);
const NOTHING = new Set([
  "no solution",
  "no solutions",
  "no real solution",
  "no real solutions",
  "there is no solution",
  "there are no solutions",
  "empty set",
  "the empty set",
]);
const EVERYTHING = new Set(["all real numbers", "all reals", "all real x", "the real numbers", "real numbers"]);

/** @param text tidied. @returns null for what is none of these. */
export function readWords(text: string): Answer | null {
  const choice =
    /^(?:\uE000\s*(?:\(\s*([A-J])\s*\)?|([A-J])\s*[).]?)\s*\uE001|\(\s*\uE000?\s*([A-J])\s*\uE001?\s*\))$/.exec(text);
  const letter = choice?.[1] ?? choice?.[2] ?? choice?.[3];
  if (letter !== undefined) return { kind: "choice", letter };
  const plain = text.replaceAll(TEXT_BEGINS, " ").replaceAll(TEXT_ENDS, " ").replaceAll(/\s+/g, " ").trim();
  if (NOTHING.has(plain.toLowerCase()) || plain === "\\emptyset" || plain === "\\varnothing")
    return { kind: "set", items: [] };
  if (EVERYTHING.has(plain.toLowerCase()) || plain === "\\mathbb{R}" || plain === "\\mathbb R") {
    return { kind: "region", intervals: [{ low: null, lowClosed: false, high: null, highClosed: false }] };
  }
  const numbers = /^\\mathbb\s*\{?\s*([ZNQC])\s*\}?$/.exec(plain)?.[1];
  if (numbers !== undefined) return { kind: "numbers", letter: numbers };
  const said = /^[A-Za-z -]+$/.test(plain) ? numberInWords(plain.toLowerCase()) : null;
  return said === null ? null : value(number(said));
}

function numberInWords(text: string): Rational | null {
  const words = text.split(/[\s-]+/).filter((w) => w !== "");
  const minus = words[0] === "minus" || words[0] === "negative";
  if (minus) words.shift();
  if (words.length === 0 || words.length > 16) return null;
  const size = fractionInWords(words) ?? wholeInWords(words);
  return size === null ? null : minus ? times(whole(-1), size) : size;
}

/** "two thirds", "a half", "three and a half". */
function fractionInWords(words: readonly string[]): Rational | null {
  const last = words.at(-1)!;
  const part = PARTS.get(last === "halves" ? "half" : last.replace(/s$/, ""));
  if (part === undefined || words.length < 2) return null;
  const and = words.indexOf("and");
  if (and > 0) {
    const [before, after] = [wholeInWords(words.slice(0, and)), fractionInWords(words.slice(and + 1))];
    return before === null || after === null ? null : plus(before, after);
  }
  const count = words.slice(0, -1);
  const top = count.length === 1 && (count[0] === "a" || count[0] === "an") ? whole(1) : wholeInWords(count);
  return top === null ? null : over(top, whole(part));
}

/** Each word must be smaller than what may follow: "twenty one" is one number, "one twenty" is none. */
function wholeInWords(words: readonly string[]): Rational | null {
  let [total, group, room] = [0, 0, Infinity];
  let [largest, any] = [Infinity, false];
  for (const [i, word] of words.entries()) {
    const small = SMALL.get(word);
    const large = LARGE.get(word);
    if (small !== undefined) {
      if (small >= room || (small === 0 && words.length > 1)) return null;
      group += small;
      room = small >= 20 ? 10 : 1;
    } else if (word === "hundred" && group > 0 && group < 10) {
      group *= 100;
      room = 100;
    } else if (large !== undefined && group > 0 && large < largest) {
      total += group * large;
      [group, room, largest] = [0, Infinity, large];
    } else if (!(
      word === "and" &&
      i > 0 &&
      i < words.length - 1 &&
      (words[i - 1] === "hundred" || LARGE.has(words[i - 1]!))
    ))
      return null;
    any ||= word !== "and";
  }
  return any ? whole(total + group) : null;
}
