import { expect, test } from "vitest";
import { fractionMet } from "../../src/cat/reward/judge.ts";
import { proposeRubric, readRubric } from "../../src/cat/reward/rubric.ts";
import { scripted } from "../scripted.ts";
import { options } from "./run.ts";

const texts = (reply: string) => readRubric(reply).map((c) => c.text);

test("reads tags, unclosed tags, and lists when there are no tags", () => {
  expect(texts("<rubric><criterion>A b</criterion>\n<criterion>C</criterion></rubric>")).toEqual(["A b", "C"]);
  expect(texts("<criterion>A<criterion>B</rubric>")).toEqual(["A", "B"]);
  expect(texts("Sure:\n1. First thing\n2) Second\n- Third\nplain")).toEqual(["First thing", "Second", "Third"]);
  expect(texts("")).toEqual([]);
});

test("drops doubles and empties, keeps at most eight, numbers from 0", () => {
  expect(texts("- Mentions rest.\n- mentions  REST\n- \n- Kind")).toEqual(["Mentions rest.", "Kind"]);
  const many = readRubric(Array.from({ length: 12 }, (_, i) => `- c${i}`).join("\n"));
  expect(many.map((c) => c.id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("one retry, and the better attempt counts", async () => {
  const replies = ["nothing useful", "- a\n- b\n- c\n- d\n- e"];
  const anchor = scripted({ answer: () => replies.shift() ?? "" });
  const reference = { aggregator: "synthesis", chosen: null, text: "r", ended: "stop" } as const;
  const events = [];
  for await (const e of proposeRubric(reference, anchor, options)) events.push(e);
  expect(events.map((e) => e.type)).toEqual(["prompt.sent", "prompt.sent", "rubric.finished"]);
  expect(events.at(-1)).toMatchObject({ attempts: 2, criteria: { length: 5 } });
});

test("reward of verdicts: met over decided; nothing decided is null", () => {
  expect(fractionMet([true, false, null, true])).toBeCloseTo(2 / 3);
  expect(fractionMet([null, null])).toBeNull();
  expect(fractionMet([])).toBeNull();
});
