import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readItems } from "../../src/bench/item.ts";
import { benchUnseenSlips, readSlippingItems } from "../../src/bench/unseen-slips.ts";
import { extractBoxed } from "../../src/verify/math/extract.ts";
import { scripted } from "../scripted.ts";

const read = (file: string) => readFileSync(new URL(`../../models/items/sums/${file}.jsonl`, import.meta.url), "utf8");
const items = readItems({ tasks: read("tasks"), labels: read("labels"), key: null });
const shipped = readSlippingItems(read("unseen"), items);

test("the shipped groups are of the first items, and their boxes are as the law's where only boxes slip", () => {
  expect(shipped.map(({ item }) => item.task.id)).toEqual(items.slice(0, 200).map(({ task }) => task.id));
  for (const { answers } of shipped) {
    expect(answers.otherBox.map(extractBoxed)).toEqual(answers.ordinary.map(extractBoxed));
    expect(answers.otherResult).toHaveLength(8);
  }
});

test("the anchor reads each group as the product has it read; accuracy by way of slipping, paired with the ordinary", async () => {
  const [first, second] = shipped.map(({ item }) => item) as [(typeof shipped)[0]["item"], (typeof shipped)[0]["item"]];
  const box = (n: number) => `2 more: 1 + 1 = 2. \\boxed{${n}}`;
  const right = Number(first.label.answer);
  const made = [
    { item: first, answers: { ordinary: [box(right), box(-1)], otherResult: [box(-2), box(right)], otherBox: [box(-3), box(-3)] } }, // prettier-ignore
    { item: second, answers: { ordinary: [box(-1), box(-1)], otherResult: [box(-2), box(-2)], otherBox: [box(-3), box(-3)] } }, // prettier-ignore
  ];
  const asked: string[] = [];
  // Repairs what it has seen, and the first item in any case when it sees two.
  const anchor = scripted({
    promptSet: "kitten",
    answer: (prompt) => {
      asked.push(prompt);
      if (prompt.includes("-1")) return box(prompt.includes(`{${right}}`) ? right : Number(second.label.answer));
      return box(prompt.includes("[2]") ? right : -9);
    },
  });
  const { ways, ...about } = await benchUnseenSlips(made, anchor, 64);
  expect(about).toEqual({ items: 2, rollouts: 2 });
  const means = Object.entries(ways).map(([way, f]) => [way, ...Object.values(f).map((e) => e.mean)]);
  // single, majority, synthesis of one, synthesis, synthesis less the ordinary's
  expect(means).toEqual([
    ["ordinary", 0.25, 0.5, 0.5, 1, 0],
    ["otherResult", 0.25, 0, 0, 0.5, -0.5],
    ["otherBox", 0, 0, 0, 0.5, -0.5],
  ]);
  expect(asked[1]).toBe(`<|user|>Reconcile these answers:\n[1] ${box(right)}\n[2] ${box(-1)}<|end|><|assistant|>`);
});

test("a group of no item, and no groups at all, are errors", async () => {
  const line = '{"id":"x","ordinary":["a"],"otherResult":["a"],"otherBox":["a"]}';
  expect(() => readSlippingItems(line, items)).toThrow(/group x belongs to no item/);
  await expect(benchUnseenSlips([], scripted({}), 8)).rejects.toThrow(/at least one item/);
});
