/** @file Opening the key of a run: everybody marked against the item's own label, and only if the question is that item word for word. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { score } from "../../src/bench/advice/reading.ts";
import { openKey } from "../../src/bench/open-key.ts";
import type { LanguageModel } from "../../src/cat/models.ts";
import type { Task } from "../../src/cat/types.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";
import { recordFixture } from "../ui/fixture-core.ts";
import { shippedAdvice } from "./advice/key.ts";

const read = (path: string) => readFile(`models/${path}`, "utf8");
const lines = async <T>(path: string) =>
  (await read(path)).trim().split("\n").map((line) => JSON.parse(line) as T); // prettier-ignore
const options = { seed: 1, read, runner: null };

async function groupOf(domain: string, task: Task, texts: readonly string[], anchor: LanguageModel, more = {}) {
  const policy = scripted({ answer: (_, row) => texts[row]!, promptSet: "kitten" });
  const size = texts.length;
  const log = await recordFixture({ domain, task, item: 0, size, policy, anchor, ...more });
  return log.reduce(apply, emptyRun).groups[0]!;
}

const [sum] = await lines<Task>("items/sums/tasks.jsonl");
const [sumLabel] = await lines<{ answer: string }>("items/sums/labels.jsonl");

function sumsGroup(texts: readonly string[], task = sum!): Promise<GroupState> {
  const answer = () => `\\boxed{${sumLabel!.answer}}`;
  return groupOf("sums", task, texts, scripted({ answer, promptSet: "kitten" }));
}

test("answers are right or wrong, `single` is their share, and the key says what is right", async () => {
  const group = await sumsGroup([`\\boxed{${sumLabel!.answer}}`, "\\boxed{99999}", "no idea", `${sumLabel!.answer}.0`]);
  const none = { aggregator: null, rollout: null };
  expect(await openKey(group, { ...options, domain: "sums" })).toEqual([
    { ...none, correct: null, score: null, answer: sumLabel!.answer },
    { ...none, rollout: 0, correct: true, score: 1 },
    { ...none, rollout: 1, correct: false, score: 0 },
    { ...none, rollout: 2, correct: false, score: 0 },
    { ...none, rollout: 3, correct: true, score: 1 },
    { ...none, aggregator: "single", correct: null, score: 0.5 },
    { ...none, aggregator: "synthesis", correct: true, score: 1 },
  ]);
});

test("a method that came to no answer is not right, and one that has not finished is not marked", async () => {
  const group = await sumsGroup(["\\boxed{99999}"]);
  const { finished } = group.references.synthesis!;
  const empty = { ...finished!, aggregator: "selfBestOfN" as const, text: "", extracted: null };
  const references = {
    ...group.references,
    selfBestOfN: { text: "", finished: empty },
    greedy: { text: `\\boxed{${sumLabel!.answer}}`, finished: undefined },
  };
  const rollouts = [...group.rollouts, { ...group.rollouts[0]!, ended: undefined }];
  const labels = await openKey({ ...group, references, rollouts }, { ...options, domain: "sums" });
  expect(labels.map(({ rollout, aggregator, correct }) => [rollout ?? aggregator, correct])).toEqual([
    [null, null],
    [0, false],
    ["single", null],
    ["synthesis", true],
    ["selfBestOfN", false],
  ]);
});

test.each([
  ["another question under its name", { ...sum!, prompt: `${sum!.prompt} ` }],
  ["a name that no item has", { ...sum!, id: "sums-99999" }],
  ["a question that somebody typed", { ...sum!, id: null }],
])("%s has no key", async (_, task) => {
  const group = await sumsGroup(["\\boxed{1}"], task);
  await expect(openKey(group, { ...options, domain: "sums" })).rejects.toThrow("word for word");
});

test("programs are right by what they do", async () => {
  const [task] = await lines<Task>("items/lists/tasks.jsonl");
  const [label] = await lines<{ answer: string }>("items/lists/labels.jsonl");
  const runner = createNodeRunner();
  try {
    const anchor = scripted({ answer: () => label!.answer, promptSet: "kitten" });
    const texts = [label!.answer.replaceAll("list", "xs"), "function f(list) {\n  return 0;\n}"];
    const group = await groupOf("lists", task!, texts, anchor, { runner });
    const labels = await openKey(group, { ...options, domain: "lists", runner });
    expect(labels.map(({ correct }) => correct)).toEqual([null, true, false, null, true]);
  } finally {
    await runner.dispose();
  }
});

test("advice is neither right nor wrong: it covers a share of the key's points, a reference at the length of the answers", async () => {
  const { task, label } = shippedAdvice[0]!;
  const [first, second] = label.question.points.map(({ texts }) => texts[0]!);
  const texts = [first!, `${first!} ${second!}`];
  const anchor = scripted({
    answer: (prompt) => (prompt.includes("Write criteria") ? "" : label.question.points.map((p) => p.texts[0]!).join(" ")),
    promptSet: "kitten",
  }); // prettier-ignore
  const group = await groupOf("advice", task, texts, anchor, { judge: scripted({ promptSet: "kitten-judge" }) });
  const labels = await openKey(group, { ...options, domain: "advice" });
  expect(labels.every(({ correct }) => correct === null)).toBe(true);
  const all = label.question.points.length;
  const words = (text: string) => text.split(" ").length;
  const limit = (words(texts[0]!) + words(texts[1]!)) / 2;
  const cut = score(label.question, group.references.synthesis!.text, limit).coverage;
  expect(labels.map((l) => l.score)).toEqual([null, 1 / all, 2 / all, 1.5 / all, cut]);
  expect(cut).toBeLessThan(1);
  expect(labels[0]!.answer).toContain(second);
});
