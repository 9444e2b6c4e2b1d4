/**
 * @file Does a prompt belong to the embedded models' small world, and to which part of it? Told by its words alone, against those of the
 * committed training prompts (world-words.json, made by scripts/world-words.ts); measured by scripts/depth.ts. Knows no model.
 */
import { isNumber, pairsOf, wordsOf } from "./words.ts";
import world from "./world-words.json" with { type: "json" };

/** What the embedded models were made for. */
export type Domain = "sums" | "lists" | "advice";

export interface PromptPlace {
  /** The domain that fits best; `null` where none is near. */
  readonly domain: Domain | null;
  /** `false`: out of the embedded models' depth. */
  readonly inside: boolean;
  /** Words of the prompt, in lower case, that its domain (or, without one, the whole world) does not have; at most {@link MOST_STRANGE}. Empty also where known words come in a strange order. */
  readonly strange: readonly string[];
}

/** Share of a prompt's pairs of words that have to be known, 0..1; besides, every word has to be. Chosen by scripts/depth.ts on half of the prompts. */
export const LEAST_KNOWN_PAIRS = 0.65;
/** Below this mean of known words and known pairs, a prompt is near no domain. */
const NEAR_DOMAIN = 0.6;
/** Training prompts leave gaps between their numbers; a number this close to one of them is known. */
const NEAR_NUMBER = 2;
const MOST_STRANGE = 5;

interface Words {
  readonly numbers: readonly number[];
  /** The words that may follow a word, with spaces between. */
  readonly next: ReadonlyMap<string, ReadonlySet<string>>;
  readonly words: ReadonlySet<string>;
}

const domains = Object.entries(world.domains).map(([domain, { numbers, next }]) => {
  const follows = new Map(Object.entries(next).map(([word, after]) => [word, new Set(after.split(" "))]));
  const words = new Set([...follows.values()].flatMap((after) => [...after]));
  return { domain: domain as Domain, known: { numbers: numberList(numbers), next: follows, words } satisfies Words };
});

function numberList(text: string): number[] {
  return text === "" ? [] : text.split(" ").map(Number);
}

/** How well a prompt fits one domain. */
export interface Fit {
  readonly domain: Domain;
  /** Share of known words, 0..1. */
  readonly words: number;
  /** Share of known pairs, 0..1. */
  readonly pairs: number;
  readonly strange: readonly string[];
}

/** The domain of the most known pairs. A prompt without words fits none: `null`. */
export function bestFit(prompt: string): Fit | null {
  const words = wordsOf(prompt);
  if (words.length === 0) return null;
  const pairs = pairsOf(words);
  const fits = domains.map(({ domain, known }): Fit => {
    const strange = words.filter((word) => !knows(known, word));
    const seen = pairs.filter(([before, word]) => known.next.get(before)?.has(word) === true);
    return { domain, words: 1 - strange.length / words.length, pairs: seen.length / pairs.length, strange };
  });
  return fits.reduce((best, fit) => (fit.pairs + fit.words > best.pairs + best.words ? fit : best));
}

export function placePrompt(prompt: string): PromptPlace {
  const fit = bestFit(prompt);
  if (fit === null) return { domain: null, inside: false, strange: [] };
  const near = (fit.words + fit.pairs) / 2 >= NEAR_DOMAIN;
  const foreign = near
    ? fit.strange
    : wordsOf(prompt).filter((word) => !domains.some(({ known }) => knows(known, word)));
  return {
    domain: near ? fit.domain : null,
    inside: near && fit.strange.length === 0 && fit.pairs >= LEAST_KNOWN_PAIRS,
    strange: [...new Set(foreign)].slice(0, MOST_STRANGE),
  };
}

function knows({ numbers, words }: Words, word: string): boolean {
  if (!isNumber(word)) return words.has(word);
  const value = Number(word);
  if (numbers.includes(value)) return true;
  return /^\d+$/.test(word) && numbers.some((number) => Math.abs(number - value) <= NEAR_NUMBER);
}
