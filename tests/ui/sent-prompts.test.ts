/** @file The prompts of a run as they are looked up. */
import { expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import { hidesQuestion, sentPrompts } from "../../src/ui/state/sent-prompts.ts";
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
