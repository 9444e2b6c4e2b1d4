import { expect, test } from "vitest";
import { benchCat, joined, scoreItems } from "../../src/bench/cat.ts";
import { type Item, readItems } from "../../src/bench/item.ts";
import { estimate, pairedDifference, ratioOfMeans } from "../../src/bench/statistics.ts";
import { overSeeds, summarize } from "../../src/bench/summary.ts";
import type { LanguageModel, Roles } from "../../src/cat/models.ts";
import type { Task } from "../../src/cat/types.ts";
import { scripted } from "../scripted.ts";
import { shippedAdvice } from "./advice/key.ts";

const settings = { domain: "sums", rollouts: 4, seed: 1, sampling: { temperature: 1, topK: null, topP: null }, maxTokens: 32 }; // prettier-ignore

const alone = (model: LanguageModel): Roles => ({ policy: model, anchor: model, judge: null, runner: null });

/** Item k has answer k; what the policy says of it is `said[k]`, and the anchor says `merged[k]` of more than one rollout, k if it sees the prompt. */
function world(said: readonly (readonly number[])[], merged: readonly number[]) {
  const items: Item[] = said.map((_, k) => ({
    task: { id: `t-${k}`, prompt: `Problem ${k}.`, kind: "math" },
    label: { answer: String(k), slip: 0.2 * k, misread: 0 },
  }));
  const asked: string[] = [];
  const model = scripted({
    promptSet: "kitten",
    answer: (prompt, row) => {
      asked.push(prompt);
      const problem = /Problem (\d)\./.exec(prompt)?.[1];
      if (prompt.includes("Which answer is best?")) return "4";
      if (prompt.includes("agrees most")) return "the first";
      if (prompt.includes("Reconcile")) return `\\boxed{${problem ?? reconciled(prompt)}}`;
      return `of ${problem!}: \\boxed{${said[Number(problem)]![row]!}}`;
    },
    logprob: (_, rollout) => (rollout.includes("{1}") ? -0.5 : -1),
  });
  const reconciled = (prompt: string) =>
    prompt.includes("[2]") ? merged[Number(/of (\d)/.exec(prompt)![1])]! : /boxed\{(\d)/.exec(prompt)![1]!;
  return { items, model, asked };
}

test("every method is scored from the same rollouts, with figures that hold by hand", async () => {
  const { items, model, asked } = world(
    [
      [0, 0, 0, 5], // nearly all right
      [2, 2, 2, 1], // the vote is wrong, synthesis right
      [9, 9, 9, 9], // all wrong, synthesis right: rescued
      [3, 3, 3, 7], // the vote is right, synthesis wrong
    ],
    [0, 1, 2, 7],
  );
  const result = await benchCat(items, alone(model), settings);
  if (result.measure !== "accuracy") throw new Error("sums have right answers");
  const { methods, disagree, rescued, differences, ratios, ...rest } = result;
  const means = Object.fromEntries(Object.entries(methods).map(([name, m]) => [name, m.mean]));
  expect(means).toEqual({
    single: (0.75 + 0.25 + 0 + 0.75) / 4,
    greedy: 0.5,
    majority: 0.5,
    lowestPerplexity: 0.5,
    selfBestOfN: 0.25, // the fourth rollout
    mutualPredictability: 0.75, // the first, but of item 1 the one that says 1
    universalSelfConsistency: 0, // never a number
    synthesisOfOne: 0.5,
    synthesis: 0.75,
    synthesisWithPrompt: 1,
    // item k gets the rollouts of item k − 1, so never its own answer: 7, 0, 1, 2
    synthesisOfStrangers: 0,
    anchorAlone: 0.5,
    longestRollout: 0.5,
    passAtG: 0.75,
  });
  expect(methods.synthesis!.se).toBeCloseTo(0.25, 10);
  expect(disagree.majority).toEqual({ rate: 0.75, accuracy: 2 / 3 });
  expect(rescued).toEqual({ count: 1, rate: 0.25 });
  expect(differences.synthesisMinusSynthesisOfOne.mean).toBe(0.25);
  expect(ratios.synthesisToSingle.mean).toBeCloseTo(0.75 / 0.4375, 12);
  expect(ratios.merging.mean).toBeCloseTo(0.25 / 0.3125, 12);
  expect(rest.labelAccuracy).toBe(0.75);
  // items 0 and 1: all right; item 2: all 0 and all wrong, right; item 3: every reward is the wrong way round
  expect(rest.rewardAccuracy).toBe(12 / 16);
  expect(rest.rightPunished).toBe(3 / 7);
  expect(rest.tied).toBe(0.25);
  expect(rest.curve).toEqual([
    { g: 1, synthesis: 0.5, majority: 0.5 },
    { g: 2, synthesis: 0.75, majority: 0.5 },
    { g: 4, synthesis: 0.75, majority: 0.5 },
  ]);
  expect(rest.strata.filter((s) => s.slip !== null).map((s) => s.items)).toEqual([1, 1, 1, 1, 0]);
  // four rollouts and a greedy answer; then two choices, syntheses of four, two and one, with the prompt, of strangers
  expect(asked).toHaveLength(4 * (4 + 1 + 2 + 3 + 1 + 1));
});

test("tokens: a selection costs the group, synthesis the group and the reference, reading nothing", async () => {
  const { items, model } = world([[0, 0, 0, 0]], [0]);
  const { methods } = await benchCat(items, alone(model), settings);
  // three words and the end token; the reference is one word and the end token
  const tokens = Object.fromEntries(Object.entries(methods).map(([name, m]) => [name, m.tokens]));
  expect(tokens).toEqual({
    single: 4,
    greedy: 4,
    majority: 16,
    lowestPerplexity: 16,
    selfBestOfN: 18,
    mutualPredictability: 16,
    universalSelfConsistency: 19,
    synthesisOfOne: 6,
    synthesis: 18,
    synthesisWithPrompt: 18,
    anchorAlone: 4,
    longestRollout: 16,
    passAtG: 16,
  });
});

test("an anchor of its own is asked alone", async () => {
  const { items, model } = world([[0, 0, 0, 0], [1, 1, 1, 1]], [0, 1]); // prettier-ignore
  const anchor = scripted({ promptSet: "kitten", answer: (prompt) => (prompt.includes("[1]") ? "1" : "\\boxed{1}") });
  const { methods } = await benchCat(items, { ...alone(model), anchor }, settings);
  expect([methods.greedy, methods.anchorAlone].map((m) => [m!.mean, m!.tokens])).toEqual([
    [1, 4],
    [0.5, 2],
  ]);
});

test("seeds are pooled item by item", async () => {
  const one = world([[0, 0, 0, 0], [2, 2, 2, 2]], [0, 1]); // prettier-ignore
  const two = world([[0, 0, 0, 0], [1, 1, 1, 1]], [5, 1]); // prettier-ignore
  const runs = [];
  for (const { items, model } of [one, two]) {
    runs.push((await scoreItems(items, alone(model), settings)).outcomes.map((o) => o.methods));
  }
  const { methods } = summarize(overSeeds(runs));
  expect(methods.single).toMatchObject({ mean: 0.75, se: 0.25 });
  expect(methods.synthesis).toMatchObject({ mean: 0.75, se: 0.25 });
  expect(overSeeds(runs.slice(0, 1))).toEqual(runs[0]);
});

test("parts that follow each other are the whole", async () => {
  const { items, model } = world(
    [
      [0, 0, 0, 5],
      [2, 2, 2, 1],
      [9, 9, 9, 9],
    ],
    [0, 1, 2],
  );
  const score = (from: number, to: number) =>
    scoreItems(items, alone(model), settings, undefined, undefined, { from, to });
  const whole = await scoreItems(items, alone(model), settings);
  expect(joined([await score(0, 1), await score(1, 3)])).toEqual(whole);
});

test("no items is an error", async () => {
  await expect(benchCat([], alone(scripted({})), settings)).rejects.toThrow(/at least one item/);
  const { items, model } = world([[0, 0, 0, 0]], [0]);
  await expect(benchCat([...items, shippedAdvice[0]!], alone(model), settings)).rejects.toThrow(/one domain at a time/);
});

test("items join by id; a task without a label is named; an item is no task", () => {
  const tasks = '{"id":"a","prompt":"p","kind":"math"}\n';
  const labels = '{"id":"a","answer":"4","slip":0.1,"misread":0}\n';
  const [item] = readItems({ tasks, labels, key: null });
  expect(item).toEqual({ task: { id: "a", prompt: "p", kind: "math" }, label: { answer: "4", slip: 0.1, misread: 0 } });
  expect(() => readItems({ tasks, labels: "", key: null })).toThrow(/item a has no label/);
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
  expect(ratioOfMeans([3, 1], [2, 2])).toEqual({ mean: 1, se: estimate([0.5, -0.5]).se });
  expect(ratioOfMeans([2, 4], [1, 2])).toEqual({ mean: 2, se: 0 });
  expect(ratioOfMeans([1], [0])).toEqual({ mean: null, se: null });
  expect(() => ratioOfMeans([1], [])).toThrow(/1 values cannot be paired with 0/);
});
