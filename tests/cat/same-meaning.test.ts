import { expect, test } from "vitest";
import { rewardBySameMeaning } from "../../src/cat/reward/same-meaning.ts";
import type { Reference } from "../../src/cat/types.ts";
import { scripted } from "../scripted.ts";
import { groupOf, options, runToEnd, toEnd } from "./run.ts";

const reference: Reference = { aggregator: "synthesis", chosen: null, text: "Rest and drink.", ended: "stop" };
/** P(yes) is the number in the answer. */
const judge = scripted({ yes: (prompt) => Number(/<response>\n([\d.]+)\n<\/response>/.exec(prompt)![1]) });

test("yes is 1, no is 0, undecided is null; rewards follow their rollouts", async () => {
  const texts = ["0.9", "0.2", "0.5", "<think>0.1</think>0.8"];
  const { events, value } = await toEnd(rewardBySameMeaning(groupOf("open", ...texts), reference, judge));
  expect(value).toEqual([1, 0, null, 1]);
  expect(events.filter((e) => e.type === "reward").map((e) => [e.rollout, e.value])).toEqual([...value.entries()]);
  const found = events.filter((e) => e.type === "equivalence");
  expect(found.map((e) => e.equivalent)).toEqual([true, false, null, true]);
  expect(found.map((e) => e.rule)).toEqual([
    "the judge says yes, P(yes) = 0.90",
    "the judge says no, P(yes) = 0.20",
    "the judge is undecided, P(yes) = 0.50",
    "the judge says yes, P(yes) = 0.80",
  ]);
  const turned = await toEnd(rewardBySameMeaning(groupOf("open", ...texts.toReversed()), reference, judge));
  expect(turned.value).toEqual(value.toReversed());
});

test("a judge whose next token is neither yes nor no has decided nothing", async () => {
  const vague = { ...judge, decide: (prompts: readonly string[]) => Promise.resolve(prompts.map(() => [0.05, 0.01])) };
  const { events, value } = await toEnd(rewardBySameMeaning(groupOf("open", "a"), reference, vague));
  expect(value).toEqual([null]);
  expect(events[1]).toMatchObject({ equivalent: null, rule: "the judge answers neither yes nor no" });
});

test("a reference without text decides nothing; a rollout without text says something else; neither is asked about", async () => {
  const group = groupOf("open", "0.9", "<think>only thoughts");
  const empty = await toEnd(rewardBySameMeaning(group, { ...reference, text: "" }, judge));
  expect(empty.value).toEqual([null, null]);
  expect(empty.events.some((e) => e.type === "prompt.sent")).toBe(false);
  const { value, events } = await toEnd(rewardBySameMeaning(group, reference, judge));
  expect(value).toEqual([1, 0]);
  expect(events.filter((e) => e.type === "prompt.sent").map((e) => e.rollout)).toEqual([0]);
});

test("in a run it takes the place of the rubric, and the judge alone is asked", async () => {
  const policy = scripted({ answer: (_, row) => ["0.9", "0.1"][row]! });
  const anchor = scripted({ answer: () => "Rest and drink." });
  const task = { id: null, prompt: "How to treat a flu?", kind: "open" } as const;
  const log = await runToEnd({ policy, anchor, judge }, { task, groupSize: 2, rewardBy: "sameMeaning" });
  expect(log.filter((e) => e.type === "prompt.sent").map((e) => [e.role, e.purpose])).toEqual([
    ["policy", "rollout"],
    ["anchor", "synthesis"],
    ["judge", "sameMeaning"],
    ["judge", "sameMeaning"],
  ]);
  expect(log.filter((e) => e.type === "reward").map((e) => e.value)).toEqual([1, 0]);
  expect(log.at(-1)!.type).toBe("run.finished");
  expect(log.some((e) => e.type === "rubric.finished" || e.type === "verdict")).toBe(false);
  const without = await runToEnd({ policy, anchor }, { task, groupSize: 2, rewardBy: "sameMeaning" });
  expect(without.at(-1)).toMatchObject({ type: "run.failed", code: "no-judge" });
  expect(options).not.toHaveProperty("rewardBy");
});
