/** @file A prompt as the words that tell whether it belongs to a small world. Leaves out punctuation and courtesy: nobody types them the same way. */

/** A number with its decimals and, where nothing is taken away from, its minus; a word with its apostrophes; a sign of arithmetic; or one letter of another script. */
const WORD =
  /(?<![\p{N})]\s*)-\p{N}+(?:[.,]\p{N}+)*|\p{N}+(?:[.,]\p{N}+)*|\p{Script=Latin}+(?:['’]\p{Script=Latin}+)*|[+\-×%√÷=*/^<>]|\p{L}/gu;

/** "what's" asks what "what is" asks. After other words it is an owner's: "the neighbour's dog". */
const SHORT_IS = /(?<!\p{L})(what|who|how|where|when|which|that|it|there|here)['’]s(?!\p{L})/gu;
/** Means the same as "how do I". "Can you …" does not: it is said to the model. */
const HOW_DO_YOU = /(?<!\p{L})(how\s+do)\s+you(?!\p{L})/gu;

/** In lower case, in order; "what's" and its like as two words, "how do you" as "how do i", "please" as none. */
export function wordsOf(prompt: string): string[] {
  const spelt = prompt.toLowerCase().replaceAll(SHORT_IS, "$1 is").replaceAll(HOW_DO_YOU, "$1 i");
  return (spelt.match(WORD) ?? []).filter((word) => word !== "please");
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
