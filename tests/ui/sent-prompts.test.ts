/** @file The prompts of a run as they are looked up. */
import { describe, expect, test } from "vitest";
import { synthesisPrompt } from "../../src/cat/prompts.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { hidesQuestion, questionNote, sentPrompts, type SentPrompt } from "../../src/ui/state/sent-prompts.ts";
import { scripted } from "../scripted.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";

const advice = (await adviceRun()).reduce(apply, emptyRun).groups[0]!;
const sums = fixtureRun().reduce(apply, emptyRun).groups[0]!;

test("policy and anchor have one each, the judge one for each answer and criterion", () => {
  const sent = sentPrompts(advice);
  expect(sent.slice(0, 3).map((p) => p.name)).toEqual([
    "Policy, for each of 8 answers",
    "Anchor, synthesis",
    "Anchor, rubric",
  ]);
  const cells = sent.slice(3).map((p) => [p.role, p.rollout, p.criterion].join());
  expect(cells).toHaveLength(8 * 6);
  expect(new Set(cells).size).toBe(cells.length);
});

test("asked where steps come from, the judge has two more for each answer and step", async () => {
  const group = (await adviceRun({ sources: true })).reduce(apply, emptyRun).groups[0]!;
  const asked = sentPrompts(group).filter(({ step }) => step !== null);
  const cells = asked.map((p) => [p.purpose, p.rollout, p.step].join());
  expect(cells).toHaveLength(2 * 8 * 5);
  expect(new Set(cells).size).toBe(cells.length);
  expect(sentPrompts(group)).toHaveLength(sentPrompts(advice).length + asked.length);
});

test("a prompt that was sent twice to the letter is shown once", () => {
  const [rubric] = advice.prompts.filter((p) => p.purpose === "rubric");
  const twice = { ...advice, prompts: [...advice.prompts, rubric!] };
  expect(sentPrompts(twice)).toHaveLength(sentPrompts(advice).length);
});

test("only the policy sees the question", () => {
  for (const group of [sums, advice]) {
    for (const prompt of sentPrompts(group)) expect(hidesQuestion(prompt, group)).toBe(prompt.role !== "policy");
  }
});

describe("an answer that repeats the question", () => {
  /** The group of sums with another question, and what the anchor is sent when its second answer says that question. */
  function repeating(question: string, promptSet: "default" | "kitten"): { group: GroupState; sent: SentPrompt } {
    const group = {
      ...sums,
      task: { ...sums.task, prompt: question },
      rollouts: sums.rollouts.map((r, i) => (i === 1 ? { ...r, text: `You ask: ${question} That is 4.` } : r)),
    };
    const anchor = scripted({ promptSet });
    const rollouts = group.rollouts.map(({ text }, index) => {
      return { index, text, ended: "stop" as const, tokenIds: [], logprobs: [], entropies: [] };
    });
    const rendered = anchor.render(synthesisPrompt(anchor, "math", rollouts));
    const sent = sentPrompts(sums).find(({ purpose }) => purpose === "synthesis")!;
    return { group, sent: { ...sent, rendered } };
  }

  test.each([
    "What is 1 + 1?",
    "Two lines:\nwhat is 1 + 1?",
    "Two  spaces,\ta tab\n\n[1] and a mark?",
    "Is <|end|> the end?",
    "What is <reference>1</reference> + </rubric>1?",
  ])("is found in what the anchor is sent, however it had to be written: %j", (question) => {
    for (const promptSet of ["default", "kitten"] as const) {
      const { group, sent } = repeating(question, promptSet);
      expect(questionNote(sent, group)).toBe("The question occurs in this text, because an answer repeats it.");
      const other = { ...group, task: { ...group.task, prompt: `${question} Or not?` } };
      expect(questionNote(sent, other)).toBe("Checked: the question does not occur in this text.");
    }
  });
});

test("a rubric that was made from the question holds it for no answer's sake", () => {
  const rubric = sentPrompts(advice).find(({ purpose }) => purpose === "rubric")!;
  const { prompt } = advice.task;
  const sent = { ...rubric, rendered: `${prompt} Write criteria.` };
  const finished = { ...advice.rubric!.finished!, source: "prompt" as const };
  const group = { ...advice, rubric: { ...advice.rubric!, finished } };
  expect(questionNote(sent, group)).toBe("The question occurs in this text.");
  const repeated = { ...group, rollouts: group.rollouts.map((r) => ({ ...r, text: prompt })) };
  expect(questionNote(sent, repeated)).toBe("The question occurs in this text.");
});
