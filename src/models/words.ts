/** @file A prompt as the words that tell whether it belongs to a small world. Leaves out punctuation: nobody types it the same way. */

/** A number with its decimals and, where nothing is taken away from, its minus; a word with its apostrophes; a sign of arithmetic; or one letter of another script. */
const WORD = /(?<![\p{N})]\s*)-\p{N}+(?:[.,]\p{N}+)*|\p{N}+(?:[.,]\p{N}+)*|\p{Script=Latin}+(?:['’]\p{Script=Latin}+)*|[+\-×%√÷=*/^<>]|\p{L}/gu;

/** In lower case, in order. */
export function wordsOf(prompt: string): string[] {
  return prompt.toLowerCase().match(WORD) ?? [];
}

/** Stands for the beginning of a prompt. */
const START = "^";
/** Stands for any number: which ones there are is asked apart. */
const NUMBER = "#";

export function isNumber(word: string): boolean {
  return /^-?\p{N}/u.test(word);
}

/** Each word with the one before it. */
export function pairsOf(words: readonly string[]): (readonly [before: string, word: string])[] {
  const kinds = words.map((word) => (isNumber(word) ? NUMBER : word));
  return kinds.map((kind, i) => [kinds[i - 1] ?? START, kind]);
}
