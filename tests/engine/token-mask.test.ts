/** @file Masks against brute force over all tokens, and what comes of whatever is drawn under them: a rubric that the reader accepts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Grammar, NoiseSource } from "../../src/cat/models.ts";
import { RUBRIC_GRAMMAR } from "../../src/cat/reward/rubric-grammar.ts";
import { readRubric } from "../../src/cat/reward/rubric.ts";
import { RowNoise } from "../../src/engine/noise.ts";
import { Sampler } from "../../src/engine/sampler.ts";
import type { TokenBytes } from "../../src/engine/token-bytes.ts";
import { GrammarRow } from "../../src/engine/token-mask.ts";
import { type TokenSet, Vocabulary } from "../../src/engine/vocabulary.ts";
import { madeUpLogits } from "./logits.ts";

const encoder = new TextEncoder();
/** Tokens that a real vocabulary may have: across tags, around them, within and across characters, of blanks; and one of no text. */
const MERGED = [
  ...[
    "<rubric><criterion>",
    "</criterion><criterion>",
    "</criterion></rubric>",
    "</",
    ".</",
    " <",
    "><",
    ">\n",
    "criterion",
    ">A",
  ],
  ...[
    "\n<",
    "rub",
    "ric",
    "</criterion>",
    "<criterion>",
    " rest",
    "Rest",
    "  ",
    "\n\n",
    "…",
    "é</",
    "1</criterion>",
    "5",
    "<think>",
  ],
  ...["x".repeat(40), "漢字", "😀", "a\u0000", "\ufeff", "&lt;", "", "<criterion>A</criterion>"],
].map((text) => encoder.encode(text));
/** Parts of characters: the end of one and the beginning of the next, two thirds of one, and what is no UTF-8. */
const PARTS = [
  [0xa6, 0xe2],
  [0xe2, 0x80],
  [0x20, 0xf0, 0x9f],
  [0x98, 0x80, 0x3c],
  [0xc0, 0x80],
  [0xed, 0xa0],
  [0xf4, 0x90],
];
const BYTES = Array.from({ length: 256 }, (_, byte) => [byte]);

const PIECES = [
  ...BYTES.map((byte) => Uint8Array.from(byte)),
  ...MERGED,
  ...PARTS.map((part) => Uint8Array.from(part)),
];
const END = PIECES.length;

function vocabularyOf(pieces: readonly Uint8Array[]): Vocabulary {
  const starts = new Uint32Array(pieces.length + 2);
  for (const [token, { length }] of pieces.entries()) starts[token + 1] = starts[token]! + length;
  // The end token has no text.
  starts[pieces.length + 1] = starts[pieces.length]!;
  const tokens: TokenBytes = { bytes: Uint8Array.from(pieces.flatMap((piece) => [...piece])), starts };
  return new Vocabulary(tokens, new Set([pieces.length]));
}

const vocabulary = vocabularyOf(PIECES);

function tokensOf(set: TokenSet): number[] {
  return Array.from({ length: 32 * set.length }, (_, token) => token).filter((t) => (set[t >>> 5]! >>> (t & 31)) & 1);
}

/** Do the bytes begin an answer? A character that is not complete stands for any beyond ASCII. */
function begins(bytes: readonly number[]): boolean {
  const stream = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    const text = stream.decode(Uint8Array.from(bytes), { stream: true });
    const rest = bytes.length > encoder.encode(text).length ? "é" : "";
    let now: Grammar | null = RUBRIC_GRAMMAR;
    for (const character of text + rest) now = now?.next(character) ?? null;
    return now !== null;
  } catch {
    return false;
  }
}

/** Picks from what the masks allow. @returns the text, and whether it ended by its end token */
function walk(
  vocabulary: Vocabulary,
  pieces: readonly Uint8Array[],
  maxTokens: number,
  pick: (allowed: readonly number[]) => number,
) {
  const row = new GrammarRow(vocabulary, RUBRIC_GRAMMAR, maxTokens);
  const bytes: number[] = [];
  for (let step = 0; step < maxTokens; step++) {
    const token = pick(tokensOf(row.mask()));
    row.take(token);
    if (token === pieces.length) return { text: decode(bytes), ended: true };
    bytes.push(...pieces[token]!);
  }
  return { text: decode(bytes), ended: false };
}

/** @throws where the bytes are no UTF-8 */
function decode(bytes: readonly number[]): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

describe("the mask", () => {
  test.each([
    ["", []],
    ["<rubric>", []],
    ["<rubric>\n", []],
    ["<rubric><criterion>", []],
    ["<rubric><criterion>Rest", []],
    ["<rubric><criterion>A</criterion><criterion>A", []],
    ["<rubric><criterion>Rest", [0xe2]],
    ["<rubric><criterion>Rest", [0xf0, 0x9f]],
    ["<rubric><criterion>Rest", [0xed]],
    ["<rubric><criterion>Rest</crit", []],
    ["<rubric><criterion>Rest</criterion>", []],
    [`<rubric><criterion>${"y".repeat(200)}`, []],
    [`<rubric><criterion>${"y".repeat(201)}`, []],
    [`<rubric><criterion>${"y".repeat(240)}`, []],
    [`<rubric>${["a", "b", "c", "d"].map((c) => `<criterion>${c}</criterion>`).join("")}<criterion>e`, []],
    [`<rubric>${["a", "b", "c", "d", "e"].map((c) => `<criterion>${c}</criterion>`).join("")}`, []],
    [
      `<rubric>${"a b c d e f g h"
        .split(" ")
        .map((c) => `<criterion>${c}</criterion>`)
        .join("")}`,
      [],
    ],
    [`<rubric>${["a", "b", "c", "d", "e"].map((c) => `<criterion>${c}</criterion>`).join("")}</rubric>`, []],
  ])("after %j and %j holds what brute force finds", (text, part) => {
    const row = new GrammarRow(vocabulary, RUBRIC_GRAMMAR, 1e6);
    const before = [...encoder.encode(text), ...part];
    for (const byte of before) row.take(byte);
    const expected = PIECES.flatMap((piece, token) =>
      piece.length > 0 && begins([...before, ...piece]) ? [token] : [],
    );
    if (text.endsWith("</rubric>")) expected.push(END);
    expect(tokensOf(row.mask())).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(() => {
      row.take(0);
    }).toThrow(/breaks the form/);
  });

  test("asks for the fewest tokens: a text's cost is that of its best division", () => {
    expect(vocabulary.cost("")).toBe(0);
    expect(vocabulary.cost("<rubric><criterion>5</criterion></rubric>")).toBe(3);
    expect(vocabulary.cost("criter")).toBe(6);
    expect(vocabularyOf([Uint8Array.of(65)]).cost("AB")).toBe(Infinity);
  });
});

describe("whatever is drawn", () => {
  const shortest = vocabulary.cost(RUBRIC_GRAMMAR.ending) + 1;

  test("it is a rubric of five to eight criteria, from any vocabulary, as soon as one fits at all", () => {
    const merges = fc.uniqueArray(fc.integer({ min: 256, max: PIECES.length - 1 }));
    fc.assert(
      fc.property(
        merges,
        fc.integer({ min: 0, max: 200 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (which, spare, chances) => {
          const pieces = [...PIECES.slice(0, 256), ...which.map((token) => PIECES[token]!)];
          const own = vocabularyOf(pieces);
          const { text, ended } = walk(
            own,
            pieces,
            own.cost(RUBRIC_GRAMMAR.ending) + 1 + spare,
            (allowed) => allowed[Math.floor(chances.next().value! * allowed.length)]!,
          );
          expect(ended, text).toBe(true);
          const criteria = readRubric(text);
          expect(criteria.length, text).toBeGreaterThanOrEqual(5);
          expect(criteria.length, text).toBeLessThanOrEqual(8);
          expect(text).toMatch(/^<rubric>(\n?<criterion>[^<]+<\/criterion>)+\n?<\/rubric>$/);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("each criterion that is owed gets a share of the tokens", () => {
    // A model that never closes by itself.
    const x = "x".charCodeAt(0);
    const { text } = walk(vocabulary, PIECES, 400, (allowed) => (allowed.includes(x) ? x : allowed[0]!));
    const lengths = readRubric(text).map((criterion) => criterion.text.length);
    expect(lengths).toHaveLength(5);
    for (const length of lengths) expect(length).toBeGreaterThan(50);
  });

  test("too few tokens are used up on the shortest way, without an error", () => {
    for (let maxTokens = 1; maxTokens < shortest; maxTokens++) {
      const { text, ended } = walk(vocabulary, PIECES, maxTokens, ([first]) => first!);
      expect(ended).toBe(false);
      expect(RUBRIC_GRAMMAR.ending.startsWith(text)).toBe(true);
    }
    expect(walk(vocabulary, PIECES, shortest, ([first]) => first!).ended).toBe(true);
  });

  test("the sampler keeps to the mask, at any temperature", () => {
    const sampler = new Sampler(END + 1);
    for (const temperature of [0, 1, 3]) {
      for (let seed = 0; seed < 5; seed++) {
        const noise: NoiseSource = { seed, group: 0, purpose: "rubric", rollout: 0 };
        const rowNoise = new RowNoise(noise, 0);
        const row = new GrammarRow(vocabulary, RUBRIC_GRAMMAR, 300);
        const bytes: number[] = [];
        let token = -1;
        for (let step = 0; token !== END && step < 300; step++) {
          rowNoise.setStep(step);
          const sampling = { temperature, topK: null, topP: null };
          ({ token } = sampler.draw(madeUpLogits(END + 1, 300 * seed + step), sampling, rowNoise, {
            mask: row.mask(),
          }));
          row.take(token);
          bytes.push(...(PIECES[token] ?? []));
        }
        expect(token).toBe(END);
        expect(readRubric(decode(bytes)).length).toBeGreaterThanOrEqual(5);
      }
    }
  });
});
