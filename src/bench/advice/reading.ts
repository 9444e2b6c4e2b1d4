/**
 * @file What an answer to a question for advice says, sentence by sentence, and its score. The same as `read` and `score` of
 * models/recipes/advice.py, to which tests/bench/advice/cases.jsonl holds it. Leaves out criteria (criteria.ts).
 */
import type { Question, Sayable } from "./key.ts";

export interface Reading {
  /** Points said ÷ points of the question. */
  readonly coverage: number;
  /** Points said ÷ sentences, a repeated point counted once; 0 of no sentence. */
  readonly precision: number;
  /** Sentences that tell a myth, deny a point or are no advice of this world. */
  readonly wrong: number;
  /** Of the whole text, cut or not. */
  readonly words: number;
}

/** @returns for each sentence the point or myth whose wording it is or nearly is; null for anything else, a denial included. */
export function read(question: Question, text: string): (Sayable | null)[] {
  return sentencesOf(text).map((sentence) => sayableIn(question, sentence));
}

/** @param limit words after which the text is cut; a sentence that is cut counts by its share. */
export function score(question: Question, text: string, limit = Infinity): Reading {
  const seen = new Set<Sayable>();
  let [covered, told, wrong, words] = [0, 0, 0, 0];
  for (const sentence of sentencesOf(text)) {
    const length = countWords(sentence);
    const share = Math.min(1, Math.max(0, (limit - words) / length));
    words += length;
    told += share;
    const said = sayableIn(question, sentence);
    if (said === null || said.myth) wrong += share;
    else if (!seen.has(said)) {
      seen.add(said);
      covered += share;
    }
  }
  return { coverage: covered / question.points.length, precision: told > 0 ? covered / told : 0, wrong, words };
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

function sentencesOf(text: string): string[] {
  return text.match(/[^.?!\s][^.?!]*[.?!]?/g) ?? [];
}

function sayableIn(question: Question, sentence: string): Sayable | null {
  const words = bag(sentence);
  let best: { readonly wording: Wording; readonly share: number } | null = null;
  for (const wording of wordingsOf(question)) {
    const share = overlap(words, wording.words);
    if (best === null || share > best.share) best = { wording, share };
  }
  return best !== null && near(best.share) && !best.wording.denies ? best.wording.of : null;
}

interface Wording {
  readonly of: Sayable;
  readonly denies: boolean;
  readonly words: ReadonlySet<string>;
}

const known = new WeakMap<Question, readonly Wording[]>();

function wordingsOf(question: Question): readonly Wording[] {
  const before = known.get(question);
  if (before !== undefined) return before;
  const wordings = [...question.points, ...question.myths].flatMap((of) => [
    ...of.texts.map((text) => ({ of, denies: false, words: bag(text) })),
    ...of.negations.map((text) => ({ of, denies: true, words: bag(text) })),
  ]);
  known.set(question, wordings);
  return wordings;
}

/** The words of a text, each once. */
export function bag(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[a-z'-]+/g) ?? []);
}

/** Words in common ÷ words of either; 0 of none. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  return common / Math.max(1, a.size + b.size - common);
}

/** From this {@link overlap} on, two sentences count as the same. */
export function near(share: number): boolean {
  return share >= 0.6;
}
