import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judgePairs, readPairs } from "../../src/bench/judge-pairs.ts";
import { scripted } from "../scripted.ts";

const shipped = readPairs(readFileSync(new URL("../../models/items/advice/judge.jsonl", import.meta.url), "utf8"));

test("the shipped pairs are of five sets, half of each met", () => {
  for (const set of ["seen", "unseenText", "unseenCriterion", "unseenBoth", "denial"]) {
    const pairs = shipped.filter((pair) => pair.set === set);
    expect([pairs.length, pairs.filter((p) => p.met).length]).toEqual([240, 120]);
  }
  expect(shipped).toHaveLength(1200);
});

test("both kinds of error are counted by set, and the undecided apart, from prompts as the rewards ask them", async () => {
  const pair = (set: string, answer: string, met: boolean) => ({ set, answer, criterion: "Tells you to rest.", met });
  const pairs = [
    pair("a", "Rest.", true),
    pair("a", "Rest not.", false),
    pair("a", "Sleep.", true),
    pair("a", "Eat.", false),
    pair("b", "Rest.", false),
    pair("b", "Hm.", true),
  ];
  const asked: string[] = [];
  const judge = scripted({
    promptSet: "kitten-judge",
    yes: (prompt) => (asked.push(prompt), prompt.includes("Rest") ? 0.8 : prompt.includes("Hm") ? 0.5 : 0.1),
  });
  expect(await judgePairs(pairs, judge)).toEqual({
    a: { balanced: 0.5, falseYes: 0.5, falseNo: 0.5, verdicts: 4, undecided: 0, unknown: 0 },
    b: { balanced: null, falseYes: 1, falseNo: null, verdicts: 1, undecided: 1, unknown: 0 },
  });
  expect(asked[0]).toBe("<|user|>Rest.\nCriterion: Tells you to rest.<|end|><|assistant|>");
});

test("a line that is no pair is an error", () => {
  expect(() => readPairs('{"set":"a","answer":"b"}')).toThrow();
});
