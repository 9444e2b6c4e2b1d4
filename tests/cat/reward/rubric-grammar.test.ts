/** @file The form of a rubric: whatever way is taken through it, and wherever it is left by its way to end, the reader finds five to eight criteria. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Grammar } from "../../../src/cat/models.ts";
import { RUBRIC_GRAMMAR } from "../../../src/cat/reward/rubric-grammar.ts";
import { readRubric } from "../../../src/cat/reward/rubric.ts";

/** @returns `null` where a character must not stand. */
function after(text: string, from: Grammar = RUBRIC_GRAMMAR): Grammar | null {
  let now: Grammar | null = from;
  for (const character of text) now = now?.next(character) ?? null;
  return now;
}

const rubric = (...criteria: string[]) =>
  `<rubric>${criteria.map((c) => `<criterion>${c}</criterion>`).join("")}</rubric>`;

/** Pieces that make ways through the form: few words, so that doubles are frequent, and what could break it. */
const PIECE = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("</criterion><criterion>", "</criterion>", "<criterion>", "</rubric>", "\n"),
  },
  { weight: 4, arbitrary: fc.constantFrom("Rest.", "rest", "1", "2", "3", "5", "&lt;", " ", "é", "…", "漢", "😀") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom("<think>", "</think>", "<criterion", "x".repeat(130), "\u0000", "\ufeff") },
);

test("whatever way is taken, the way to end leads to five to eight criteria", () => {
  let whole = 0;
  let longest = 0;
  fc.assert(
    fc.property(fc.array(PIECE, { maxLength: 100, size: "max" }), (pieces) => {
      let text = "";
      let now: Grammar = RUBRIC_GRAMMAR;
      for (const piece of ["<rubric><criterion>", ...pieces]) {
        const next = after(piece, now);
        if (next === null) continue;
        text += piece;
        now = next;
      }
      if (now.ending === "") whole++;
      const ended = text + now.ending;
      expect(after(ended)?.ending, ended).toBe("");
      const criteria = readRubric(ended);
      expect(criteria.length, ended).toBeGreaterThanOrEqual(5);
      expect(criteria.length).toBeLessThanOrEqual(8);
      longest = Math.max(longest, criteria.length);
      // None was lost by the reader's limit: what was begun is there, or a double.
      expect(ended.split("<criterion>").length - 1).toBeLessThanOrEqual(8);
      for (const criterion of criteria) expect(Array.from(criterion.text).length).toBeLessThanOrEqual(241);
    }),
    { numRuns: 400 },
  );
  // Ways that end by themselves, and with more than is owed, are among them.
  expect(whole).toBeGreaterThan(5);
  expect(longest).toBe(8);
});

test("the way to end stays the same while it is followed", () => {
  for (const start of [
    "",
    "<rubric>",
    rubric("5", "a", "a").slice(0, -9),
    "<rubric>\n<criterion>…",
    "<rubric><criterion>5",
  ]) {
    let now = after(start)!;
    let { ending } = now;
    while (ending !== "") {
      now = now.next(ending[0]!)!;
      ending = ending.slice(1);
      expect(now.ending).toBe(ending);
    }
  }
});

test("fewer than five, more than eight, empty ones and other text are no rubrics", () => {
  expect(after(rubric("a", "b", "c", "d", "e"))?.ending).toBe("");
  expect(after(`${rubric("a", "b", "c", "d", "e")}\n`)).toBeNull();
  expect(after(rubric("a", "b", "c", "d"))).toBeNull();
  expect(after(rubric("a", "b", "c", "d", "e", "f", "g", "h"))?.ending).toBe("");
  expect(after(rubric("a", "b", "c", "d", "e", "f", "g", "h", "i"))).toBeNull();
  expect(after(rubric("", "b", "c", "d", "e"))).toBeNull();
  expect(after(rubric("&lt;", "b", "c", "d", "e"))).toBeNull();
  expect(after(rubric("a\nb", "b", "c", "d", "e"))).toBeNull();
  expect(after(rubric("a <b", "b", "c", "d", "e"))).toBeNull();
  expect(after("Sure: ")).toBeNull();
  expect(after("<think>")).toBeNull();
});

test("doubles are let pass while five that differ still have a place", () => {
  expect(after(rubric("a", "A.", "a", "a", "b", "c", "d", "e"))?.ending).toBe("");
  expect(after("<rubric>" + "<criterion>a</criterion>".repeat(4))).not.toBeNull();
  expect(after("<rubric>" + "<criterion>a</criterion>".repeat(5))).toBeNull();
});

test("a criterion ends in time, also one that differs by its last character alone", () => {
  const long = "x".repeat(240);
  const open = after(`<rubric><criterion>${long}`)!;
  expect(open.room).toBe(0);
  expect(open.next("x")).toBeNull();
  expect(open.next("1")).toBeNull();
  expect(open.next("<")).not.toBeNull();
  const again = after(`<rubric><criterion>${long}</criterion><criterion>${long}`)!;
  expect(again.next("x")).toBeNull();
  expect(again.next(again.ending[0]!)).not.toBeNull();
});
