/** @file The benchmark on items whose answers are programs. */
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { benchCat } from "../../src/bench/cat.ts";
import { type AnswerItem, isAdvice, readItems } from "../../src/bench/item.ts";
import { markingFor } from "../../src/bench/marking.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";

const runner = createNodeRunner(5000);
afterAll(() => runner.dispose());

const read = (file: string) => readFileSync(new URL(`../../models/items/lists/${file}.jsonl`, import.meta.url), "utf8");
const shipped = readItems({ tasks: read("tasks"), labels: read("labels"), key: null }).flatMap((item) =>
  isAdvice(item) ? [] : item,
);
const settings = { domain: "lists", rollouts: 4, seed: 1, sampling: { temperature: 1, topK: null, topP: null }, maxTokens: 64 }; // prettier-ignore

test("every label of the held-out items runs, and is right by its own measure and no other item's", async () => {
  expect(shipped).toHaveLength(500);
  let confused = 0;
  const whole = (text: string) => ({ text, ended: "stop" as const });
  for (const [i, item] of shipped.entries()) {
    const marking = await markingFor(item, runner, 1);
    expect(await marking.right(whole(item.label.answer)), item.task.id!).toBe(true);
    expect(await marking.right(whole("function f(list) {}")), item.task.id!).toBe(false);
    if (await marking.right(whole(shipped[(i + 1) % shipped.length]!.label.answer))) confused += 1;
  }
  expect(confused).toBe(0);
}, 60_000);

/** Item k adds k to each. */
const adding = (k: number) => `function f(list) {\n  return list.map((x) => x + ${k});\n}`;
const broken = "function f(list) {\n  return list.add(1);\n}";

test("every method is scored by behaviour, with figures that hold by hand", async () => {
  const said = [
    [adding(0), adding(0), adding(0), adding(0)], // all right
    [adding(2), adding(2), adding(2), adding(1)], // the vote is wrong, synthesis right
    [adding(9), adding(9), broken, "none"], // all wrong; the reference does not run, its second attempt is right
  ];
  const items: AnswerItem[] = said.map((_, k) => ({
    task: { id: `t-${k}`, prompt: `Problem ${k}.`, kind: "code" },
    label: { answer: adding(k), slip: 0.2 * k, misread: 0 },
  }));
  const model = scripted({
    promptSet: "kitten",
    answer: (prompt, row) => {
      const asked = /Problem (\d)\./.exec(prompt);
      if (prompt.includes("Which answer")) return "2";
      if (asked !== null && prompt.includes("Reconcile")) return adding(Number(asked[1]));
      if (asked !== null) return said[Number(asked[1])]![row]!;
      if (!prompt.includes("none")) return adding(prompt.includes("+ 9") ? 2 : prompt.includes("+ 2") ? 1 : 0);
      return ofItemTwo.shift()!;
    },
  });
  // As strangers for item 0, then as synthesis of item 2, then again because that did not run.
  const ofItemTwo = [adding(2), broken, adding(2)];
  const roles = { policy: model, anchor: model, judge: null, runner };
  const result = await benchCat(items, roles, settings);
  if (result.measure !== "accuracy") throw new Error("programs are right or wrong");
  const { methods, disagree, labelAccuracy, rewardAccuracy, curve } = result;
  const means = Object.fromEntries(Object.entries(methods).map(([name, m]) => [name, m.mean]));
  expect(means).toMatchObject({
    single: (1 + 0.25 + 0) / 3,
    greedy: 1 / 3,
    majority: 1 / 3,
    synthesis: 2 / 3,
    selfBestOfN: 1 / 3,
    synthesisExecuted: 1,
    synthesisWithPrompt: 1,
    passAtG: 2 / 3,
  });
  expect(methods.synthesisExecuted!.tokens).toBeGreaterThan(methods.synthesis!.tokens);
  expect(disagree.majority.rate).toBe(2 / 3);
  expect(labelAccuracy).toBe(2 / 3);
  // items 0 and 1 are paid rightly; item 2 has no reference that runs, so nothing is decided there
  expect(rewardAccuracy).toBe(1);
  expect(curve.at(-1)!.majority).toBe(1 / 3);
});

test("programs without a runner, and a label that does not run, are errors that name the item", async () => {
  const [item] = shipped;
  await expect(markingFor(item!, null, 1)).rejects.toThrow(/item lists-0000 asks for a program/);
  const empty = { ...item!, label: { ...item!.label, answer: "12" } };
  await expect(markingFor(empty, runner, 1)).rejects.toThrow(/no function that runs/);
});
