/** @file Scores on held-out items while a policy trains: lines that hold by hand, chance of its own, and advice cut alike however long it becomes. */
import { expect, test } from "vitest";
import { HeldOut, type HeldOutOptions } from "../../src/bench/held-out.ts";
import type { Item } from "../../src/bench/item.ts";
import type { GenerateRequest, LanguageModel } from "../../src/cat/models.ts";
import { scripted } from "../scripted.ts";
import { shippedAdvice } from "./advice/key.ts";

const OPTIONS: HeldOutOptions = {
  ...{ groupSize: 4, seed: 1, maxTokens: 64, now: () => 0 },
  sampling: { temperature: 1, topK: null, topP: null },
};

const ITEMS: readonly Item[] = [0, 1].map((k) => ({
  task: { id: `t-${k}`, prompt: `Problem ${k}.`, kind: "math" },
  label: { answer: String(k), slip: 0, misread: 0 },
}));

/** Of problem 0 two rollouts are right and three of 1 none; the anchor is always right. */
function policy(asked: GenerateRequest[] = []): LanguageModel {
  const said = [
    ["0", "0", "7", "8"],
    ["9", "9", "9", "2"],
  ];
  const model = scripted({
    promptSet: "kitten",
    answer: (prompt, row) => {
      const problem = Number(/(?:Problem|of) (\d)/.exec(prompt)![1]);
      return `of ${problem}: \\boxed{${prompt.includes("Reconcile") ? problem : said[problem]![row]!}}`;
    },
  });
  return {
    ...model,
    generate(requests, stop) {
      asked.push(...requests);
      return model.generate(requests, stop);
    },
  };
}

test("single, greedy, majority and synthesis, each with its error", async () => {
  const model = policy();
  const heldOut = new HeldOut(ITEMS, null, OPTIONS);
  const lines = await heldOut.lines({ policy: model, anchor: model });
  // A scripted model answers greedily as in its first row.
  expect(lines).toEqual({
    single: { mean: 0.25, se: 0.25, items: 2 },
    greedy: { mean: 0.5, se: 0.5, items: 2 },
    majority: { mean: 0.5, se: 0.5, items: 2 },
    synthesis: { mean: 1, se: 0, items: 2 },
  });
  expect(await heldOut.single(model)).toEqual(lines.single);
});

test("chance is the same at each evaluation, and never that of a training's groups", async () => {
  const asked: GenerateRequest[] = [];
  const heldOut = new HeldOut(ITEMS, null, OPTIONS);
  await heldOut.single(policy(asked));
  const first = asked.splice(0).map(({ noise }) => noise);
  await heldOut.single(policy(asked));
  expect(asked.map(({ noise }) => noise)).toEqual(first);
  for (const { group } of first) expect(group).toBeGreaterThanOrEqual(2 ** 31);
});

test("advice is cut where the initial policy ended on average, so that saying more gains nothing", async () => {
  const [item] = shippedAdvice;
  if (item?.task.kind !== "open") throw new Error("advice is open");
  const points = item.label.question.points.map(({ texts }) => texts[0]!);
  const saying = (count: number) => scripted({ promptSet: "kitten", answer: () => points.slice(0, count).join(" ") });
  const heldOut = new HeldOut([item], null, OPTIONS);
  const short = saying(2);
  const lines = await heldOut.lines({ policy: short, anchor: short });
  expect(lines.majority).toBeNull();
  expect(lines.single.mean).toBeCloseTo(2 / points.length, 10);
  expect((await heldOut.single(saying(points.length))).mean).toBeCloseTo(2 / points.length, 1);
  const goesOn = new HeldOut([item], null, OPTIONS, heldOut.limits);
  expect(await goesOn.single(saying(points.length))).toEqual(await heldOut.single(saying(points.length)));
});
