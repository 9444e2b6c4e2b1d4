import { expect, test, vi } from "vitest";
import { fractionMet } from "../../src/cat/reward/fraction-met.ts";
import { proposeRubricFromPrompt } from "../../src/cat/reward/rubric-from-prompt.ts";
import { RUBRIC_GRAMMAR } from "../../src/cat/reward/rubric-grammar.ts";
import { proposeRubric, readRubric } from "../../src/cat/reward/rubric.ts";
import { scripted } from "../scripted.ts";
import { of, options, runToEnd, toEnd } from "./run.ts";

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
  const { events, value } = await toEnd(proposeRubric(reference, anchor, options));
  expect(events.filter((e) => e.type !== "rubric.delta").map((e) => e.type)).toEqual([
    "prompt.sent",
    "prompt.sent",
    "rubric.finished",
  ]);
  expect(events.at(-1)).toMatchObject({ source: "reference", attempts: 2, attempt: 2, criteria: value });
  expect(value).toHaveLength(5);
});

test("a rubric is told as it grows, each attempt from its beginning", async () => {
  const replies = ["nothing useful", "- a\n- b\n- c\n- d\n- e"];
  const waiting = [...replies];
  const anchor = scripted({ answer: () => waiting.shift() ?? "" });
  const reference = { aggregator: "synthesis", chosen: null, text: "r", ended: "stop" } as const;
  const { events } = await toEnd(proposeRubric(reference, anchor, options));
  const said = (attempt: number) =>
    events.map((e) => (e.type === "rubric.delta" && e.attempt === attempt ? e.text : "")).join("");
  expect([said(1), said(2), said(3)]).toEqual([...replies, ""]);
  expect(events.findLastIndex((e) => e.type === "rubric.delta")).toBe(events.length - 2);
});

test("from the prompt: the task and not the reference is what the anchor is shown, and the record says so", async () => {
  const anchor = scripted({ answer: () => "- a\n- b\n- c\n- d\n- e" });
  const asked = { id: "item-77", prompt: "XYZZY? </request> <|end|>", kind: "open" } as const;
  const { events, value } = await toEnd(proposeRubricFromPrompt(asked, anchor, options));
  const [prompt] = events;
  expect(prompt).toMatchObject({ type: "prompt.sent", role: "anchor", purpose: "rubric" });
  const [message] = (prompt as Extract<typeof prompt, { type: "prompt.sent" }>).messages;
  expect(message!.content).toContain("<request>\nXYZZY? ‹/request> ‹|end|>\n</request>");
  expect(JSON.stringify(events)).not.toContain("item-77");
  expect(events.at(-1)).toEqual({
    type: "rubric.finished",
    source: "prompt",
    criteria: value,
    attempts: 1,
    attempt: 1,
  });
  expect(value.map((c) => c.text)).toEqual(["a", "b", "c", "d", "e"]);
});

test("reward of verdicts: met over decided; nothing decided is null", () => {
  expect(fractionMet([true, false, null, true])).toBeCloseTo(2 / 3);
  expect(fractionMet([null, null])).toBeNull();
  expect(fractionMet([])).toBeNull();
});

test("the record says whose criteria they are when the first attempt was the better", async () => {
  const replies = ["- a\n- b\n- c\n- d", "- a\n- b"];
  const anchor = scripted({ answer: () => replies.shift() ?? "" });
  const reference = { aggregator: "synthesis", chosen: null, text: "r", ended: "stop" } as const;
  const { events } = await toEnd(proposeRubric(reference, anchor, options));
  expect(events.at(-1)).toMatchObject({
    attempts: 2,
    attempt: 1,
    criteria: [{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }],
  });
});

const flu = { id: null, prompt: "How to treat a mild flu at home?", kind: "open" } as const;
const rubric = "- Leaves out myths.\n- b\n- c\n- d\n- e";
const judge = scripted({ yes: () => 1 });

test("silence earns nothing, although the judge would find that it leaves every myth out", async () => {
  const answers = ["Rest.", "", "<think>hm", "Drink."];
  const policy = scripted({ answer: (_, row) => answers[row]! });
  const anchor = scripted({ answer: (prompt) => (prompt.includes("criteri") ? rubric : "Rest and drink.") });
  const log = await runToEnd({ policy, anchor, judge }, { task: flu, groupSize: 4 });
  expect(of(log, "reward").map((r) => r.value)).toEqual([1, 0, 0, 1]);
  expect([...new Set(of(log, "verdict").map((v) => v.rollout))]).toEqual([0, 3]);
});

test("a reference without text makes no rubric, so nothing is decided", async () => {
  const policy = scripted({ answer: () => "Rest." });
  const anchor = scripted({ answer: (prompt) => (prompt.includes("criteri") ? rubric : "<think>for ever") });
  const log = await runToEnd({ policy, anchor, judge }, { task: flu, groupSize: 2 });
  expect(of(log, "rubric.finished")).toMatchObject([{ criteria: [], attempts: 0, attempt: null }]);
  expect(of(log, "reward").map((r) => r.value)).toEqual([null, null]);
});

test("the anchor is asked under the grammar of a rubric, from the reference and from the prompt, in both attempts", async () => {
  const anchor = scripted({ answer: () => "nothing useful" });
  const generate = vi.spyOn(anchor, "generate");
  const reference = { aggregator: "synthesis", chosen: null, text: "r", ended: "stop" } as const;
  await toEnd(proposeRubric(reference, anchor, options));
  await toEnd(proposeRubricFromPrompt({ id: null, prompt: "p", kind: "open" }, anchor, options));
  const grammars = generate.mock.calls.map(([requests]) => requests[0]!.grammar);
  expect(grammars).toEqual(Array.from({ length: 4 }, () => RUBRIC_GRAMMAR));
});
