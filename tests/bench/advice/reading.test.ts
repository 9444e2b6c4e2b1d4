import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { askedBy, trulyMet } from "../../../src/bench/advice/criteria.ts";
import { readKey } from "../../../src/bench/advice/key.ts";
import { bag, overlap, read, score } from "../../../src/bench/advice/reading.ts";
import { readItems } from "../../../src/bench/item.ts";
import { question, questions, shippedAdvice } from "./key.ts";

interface Case {
  readonly question: string;
  readonly text: string;
  readonly limit: number | null;
  readonly said: readonly (string | null)[];
  readonly score: ReturnType<typeof score>;
}

// Written by models/recipes/advice_items.py with the reference implementation.
const cases = readFileSync(new URL("cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

const flu = question("mild-flu");
const [rest, fluids] = flu.points as [(typeof flu.points)[0], (typeof flu.points)[0]];
const [myth] = flu.myths as [(typeof flu.myths)[0]];

test("answers of every sort are read and scored as by the recipe", () => {
  expect(cases.length).toBeGreaterThan(50);
  for (const { question: id, text, limit, said, score: expected } of cases) {
    expect(read(question(id), text).map((s) => s?.id ?? null)).toEqual(said);
    const found = score(question(id), text, limit ?? Infinity);
    for (const key of ["coverage", "precision", "wrong", "words"] as const) {
      expect(found[key], `${key} of ${text}`).toBeCloseTo(expected[key], 10);
    }
  }
});

describe("what an answer says", () => {
  test("every sentence of the world is read as what it says, every denial as nothing", () => {
    for (const q of questions.values()) {
      for (const s of [...q.points, ...q.myths]) {
        for (const text of s.texts) expect(read(q, text)).toEqual([s]);
        for (const text of s.negations) expect(read(q, text)).toEqual([null]);
      }
    }
  });

  test("a repeated point counts once; a cut sentence counts by its share; no text scores nothing", () => {
    const text = [rest.texts[0], rest.texts[1], myth.texts[0], fluids.texts[0]].join(" ");
    expect(score(flu, text)).toMatchObject({ coverage: 2 / flu.points.length, precision: 2 / 4, wrong: 1 });
    const words = rest.texts[0]!.split(" ").length;
    expect(score(flu, text, words / 2)).toMatchObject({ coverage: 0.5 / flu.points.length, precision: 1, wrong: 0 });
    expect(score(flu, "")).toEqual({ coverage: 0, precision: 0, wrong: 0, words: 0 });
  });

  test("a longer limit never covers less, and the order of sentences does not matter without one", () => {
    for (const { question: id, text } of cases) {
      const q = question(id);
      const at = [1, 5, 20, 50, Infinity].map((limit) => score(q, text, limit).coverage);
      expect(at).toEqual(at.toSorted((a, b) => a - b));
      const turned = (text.match(/[^.?!]+[.?!]/g) ?? []).toReversed().join(" ");
      const whole = (text.match(/[^.?!]+[.?!]/g) ?? []).join(" ");
      expect(score(q, turned).coverage).toBe(score(q, whole).coverage);
    }
  });

  test("words in common", () => {
    expect(overlap(bag("a b c"), bag("B, c! d"))).toBe(0.5);
    expect(overlap(bag(""), bag(""))).toBe(0);
  });
});

describe("what a criterion asks", () => {
  test("each criterion of the world asks for its own point or myth; other words ask for nothing", () => {
    for (const q of questions.values()) {
      for (const s of [...q.points, ...q.myths]) {
        for (const criterion of s.criteria) expect(askedBy(q, criterion)).toBe(s);
      }
    }
    expect(askedBy(flu, "Names the capital of France.")).toBeNull();
    expect(askedBy(flu, "tells YOU to rest")).toBe(rest);
  });

  test("a point's is met where it is said, a myth's where it is not", () => {
    const text = `${rest.texts[2]!} ${fluids.negations[0]!}`;
    const of = (s: typeof rest, answer: string) => trulyMet(flu, answer, s.criteria[0]!);
    expect([of(rest, text), of(fluids, text), of(myth, text), of(myth, myth.texts[1]!)]).toEqual([true, false, true, false]); // prettier-ignore
    expect(trulyMet(flu, text, "Names the capital of France.")).toBeNull();
  });
});

test("items of advice get their question from the key; one that it lacks is named", () => {
  expect(shippedAdvice).toHaveLength(120);
  for (const { label } of shippedAdvice) {
    expect(Object.keys(label.omissions)).toEqual(label.question.points.map((p) => p.id));
    expect(Object.keys(label.myths)).toEqual(label.question.myths.map((m) => m.id));
  }
  const tasks = '{"id":"a","prompt":"p","kind":"open"}';
  const labels = '{"id":"a","question":"other","points":{},"myths":{}}';
  expect(() => readItems({ tasks, labels, key: null })).toThrow(/item a asks about other/);
  expect(() => readKey('{"id":"a","points":[],"myths":[]}')).toThrow();
});
