import { expect, test } from "vitest";
import { benchCat } from "../../src/bench/cat.ts";
import { type Item, readItems } from "../../src/bench/item.ts";
import { estimate, pairedDifference } from "../../src/bench/statistics.ts";
import type { LanguageModel, Roles } from "../../src/cat/models.ts";
import type { Task } from "../../src/cat/types.ts";
import { scripted } from "../scripted.ts";

const settings = { domain: "sums", rollouts: 4, seed: 1, sampling: { temperature: 1, topK: null, topP: null }, maxTokens: 32 }; // prettier-ignore

const alone = (model: LanguageModel): Roles => ({ policy: model, anchor: model, judge: null, runner: null });

/** Item k has answer k; what the policy says of it is `said[k]`, and the anchor says `merged[k]`. */
function world(said: readonly (readonly number[])[], merged: readonly number[]) {
  const items: Item[] = said.map((_, k) => ({
    task: { id: `t-${k}`, prompt: `Problem ${k}.`, kind: "math" },
    label: { answer: String(k), slip: 0.2 * k, misread: 0 },
  }));
  const model = scripted({
    promptSet: "kitten",
    answer: (prompt, row) => {
      const asked = /Problem (\d)\./.exec(prompt);
      if (asked !== null) return `of ${asked[1]!}: \\boxed{${said[Number(asked[1])]![row]!}}`;
      return `\\boxed{${merged[Number(/of (\d)/.exec(prompt)![1])]!}}`;
    },
  });
  return { items, model };
}

test("every method is scored from the same rollouts, with figures that hold by hand", async () => {
  const { items, model } = world(
    [
      [0, 0, 0, 0], // all right
      [2, 2, 2, 1], // the vote is wrong, synthesis right
      [9, 9, 9, 9], // all wrong, synthesis right: rescued
      [3, 3, 3, 7], // the vote is right, synthesis wrong
    ],
    [0, 1, 2, 7],
  );
  const { methods, disagree, rescued, ...rest } = await benchCat(items, alone(model), settings);
  const means = Object.fromEntries(Object.entries(methods).map(([name, m]) => [name, m.mean]));
  expect(means).toEqual({
    single: (1 + 0.25 + 0 + 0.75) / 4,
    greedy: 0.5,
    majority: 0.5,
    lowestPerplexity: 0.5,
    longestRollout: 0.5,
    synthesisOfOne: 0.75,
    synthesis: 0.75,
    // item k gets the rollouts of item k − 1, so never its own answer: 7, 0, 1, 2
    synthesisOfStrangers: 0,
    passAtG: 0.75,
  });
  expect(methods.synthesis!.se).toBeCloseTo(0.25, 10);
  expect(disagree.majority).toEqual({ rate: 0.75, accuracy: 2 / 3 });
  expect(rescued).toEqual({ count: 1, rate: 0.25 });
  expect(rest.labelAccuracy).toBe(0.75);
  // items 0 and 1: all right; item 2: all 0 and all wrong, right; item 3: every reward is the wrong way round
  expect(rest.rewardAccuracy).toBe(12 / 16);
  expect(rest.rightPunished).toBe(3 / 8);
  expect(rest.tied).toBe(0.5);
  expect(rest.curve.map((c) => c.g)).toEqual([1, 2, 4]);
  expect(rest.strata.filter((s) => s.slip !== null).map((s) => s.items)).toEqual([1, 1, 1, 1]);
});

test("tokens: a selection costs the group, synthesis the group and the reference", async () => {
  const { items, model } = world([[0, 0, 0, 0]], [0]);
  const { methods } = await benchCat(items, alone(model), settings);
  // three words and the end token; the reference is one word and the end token
  expect(methods.single!.tokens).toBe(4);
  expect(methods.majority!.tokens).toBe(16);
  expect(methods.synthesis!.tokens).toBe(18);
  expect(methods.synthesisOfOne!.tokens).toBe(6);
  expect(methods).not.toHaveProperty("synthesisOfStrangers");
});

test("no items is an error", async () => {
  await expect(benchCat([], alone(scripted({})), settings)).rejects.toThrow(/at least one item/);
});

test("items join by id; a task without a label is named; an item is no task", () => {
  const task = '{"id":"a","prompt":"p","kind":"math"}\n';
  const [item] = readItems(task, '{"id":"a","answer":"4","slip":0.1,"misread":0}\n');
  expect(item).toEqual({ task: { id: "a", prompt: "p", kind: "math" }, label: { answer: "4", slip: 0.1, misread: 0 } });
  expect(() => readItems(task, "")).toThrow(/item a has no label/);
  // @ts-expect-error a label must not travel as part of a task
  const travelling: Task = item!;
  expect(travelling).toBeDefined();
});

test("standard errors by hand", () => {
  expect(estimate([1, 0, 1, 0])).toEqual({ mean: 0.5, se: Math.sqrt(1 / 3 / 4) });
  expect(estimate([1])).toEqual({ mean: 1, se: null });
  expect(estimate([])).toEqual({ mean: null, se: null });
  expect(pairedDifference([1, 1], [0, 1])).toEqual({ mean: 0.5, se: 0.5 });
  expect(() => pairedDifference([1], [])).toThrow(/1 values cannot be paired with 0/);
});
