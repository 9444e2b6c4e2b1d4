/** @file Telling a foreign prompt from one of the small world by its words: on the committed prompts, on changed ones, and that the word list is of today's prompts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { worldWordsText } from "../../scripts/world-words.ts";
import { bestFit, placePrompt } from "../../src/models/place.ts";
import { pairsOf, wordsOf } from "../../src/models/words.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) =>
  readFileSync(join(root, path), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { prompt: string });
const domains = ["sums", "lists", "advice"] as const;

test("the word list is of the training prompts that are committed", () => {
  expect(readFileSync(join(root, "src/models/world-words.json"), "utf8")).toBe(worldWordsText());
});

describe("the milestone's bounds", () => {
  test("at least 95 % of 200 foreign prompts are caught", () => {
    const foreign = read("tests/models/foreign.jsonl");
    expect(new Set(foreign.map(({ prompt }) => prompt)).size).toBe(200);
    expect(foreign.filter(({ prompt }) => !placePrompt(prompt).inside).length).toBeGreaterThanOrEqual(190);
  });

  test.each(domains)("at most 2 %% of the held-out prompts of %s are flagged, and each is placed there", (domain) => {
    const heldOut = read(`models/items/${domain}/tasks.jsonl`).map(({ prompt }) => placePrompt(prompt));
    expect(heldOut.filter(({ inside }) => !inside).length / heldOut.length).toBeLessThanOrEqual(0.02);
    expect(heldOut.every((place) => place.domain === domain)).toBe(true);
  });
});

describe("one strange word", () => {
  test.each(domains)("in a prompt of %s puts it outside, and is named", (domain) => {
    for (const { prompt } of read(`models/items/${domain}/tasks.jsonl`).slice(0, 50)) {
      const words = prompt.split(" ");
      const at = prompt.length % words.length;
      const changed = words.toSpliced(at, 0, "Xylophone").join(" ");
      expect(placePrompt(changed)).toMatchObject({ inside: false, strange: ["xylophone"] });
    }
  });

  test("at most five are named, each once", () => {
    const { strange } = placePrompt("Add 7 to 9 aa bb aa cc dd ee ff, then add 7 to 9, add 7 to 9, add 7 to 9.");
    expect(strange).toEqual(["aa", "bb", "cc", "dd", "ee"]);
  });
});

describe("small changes", () => {
  test.each(domains)("case and punctuation move no prompt of %s", (domain) => {
    for (const { prompt } of read(`models/items/${domain}/tasks.jsonl`).slice(0, 50)) {
      expect(placePrompt(prompt.toUpperCase().replaceAll(/[.?,:]/g, " "))).toEqual(placePrompt(prompt));
    }
  });

  test("a number outside the world is strange, one between its numbers is not", () => {
    expect(placePrompt("What is 345 times 12?")).toEqual({ domain: "sums", inside: false, strange: ["345"] });
    expect(placePrompt("What is 99 minus 82?").inside).toBe(true);
    expect(placePrompt("What is the square root of -4?").strange).toEqual(["-4"]);
    expect(placePrompt("What is 0.5 times 4?").strange).toEqual(["0.5"]);
  });

  test("known words in a strange order are outside without a strange word", () => {
    const shuffled = wordsOf("How to treat a mild flu at home?").reverse().join(" ");
    expect(placePrompt(shuffled)).toMatchObject({ inside: false, strange: [] });
  });

  test.each(["", "  ", "???", "🐈"])("no words at all (%j) are of no domain", (prompt) => {
    expect(placePrompt(prompt)).toEqual({ domain: null, inside: false, strange: [] });
    expect(bestFit(prompt)).toBeNull();
  });
});

test("words of other scripts are words", () => {
  expect(wordsOf("Как лечить 家で?")).toEqual(["к", "а", "к", "л", "е", "ч", "и", "т", "ь", "家", "で"]);
  expect(placePrompt("家で風邪を治す").domain).toBeNull();
});

describe("other ways to ask the same", () => {
  test.each([
    ["what's the square root of 16", "What is the square root of 16?"],
    ["What’s 3 + 4?", "What is 3 + 4?"],
    ["How do you treat a mild flu at home?", "How do I treat a mild flu at home?"],
    ["Please add 7 to 9", "Add 7 to 9"],
  ])("%s", (asked, known) => {
    expect(placePrompt(known).inside).toBe(true);
    expect(placePrompt(asked)).toEqual(placePrompt(known));
  });

  test("what is said to the model, or of an owner, stays as it is", () => {
    expect(wordsOf("Can you? Somewhat's, the neighbour's how do yours")).toEqual(
      ["can", "you", "somewhat's", "the", "neighbour's", "how", "do", "yours"], // prettier-ignore
    );
    expect(placePrompt("What can you do?").inside).toBe(false);
  });
});

test("a minus is a sign between numbers and part of a number elsewhere", () => {
  expect(wordsOf("12 - 7, 12 -7, (3)-2, or -1")).toEqual(["12", "-", "7", "12", "-", "7", "3", "-", "2", "or", "-1"]);
});

test("pairs know a number only as one", () => {
  expect(pairsOf(["add", "7", "to", "-1"])).toEqual([
    ["^", "add"],
    ["add", "#"],
    ["#", "to"],
    ["to", "#"],
  ]);
});
