/** @file One task of a step, rendered as text without a browser (which fills in what models wrote): prompt, reference and whose, rewards, and why a group was skipped. */
import { render } from "svelte/server";
import { expect, test } from "vitest";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { applyToTraining, emptyTraining } from "../../src/run/training.ts";
import StepTask from "../../src/ui/parts/StepTask.svelte";
import StepTasks from "../../src/ui/parts/StepTasks.svelte";
import { skippedWords, taskSummary } from "../../src/ui/state/step-task.ts";
import { type MadeGroup, MadeTraining } from "../run/made-training.ts";
import { realTraining } from "../run/real-training.ts";
import { adviceRun } from "./fixture-advice.ts";
import { listsRun } from "./fixture-lists.ts";

function made(group: MadeGroup): GroupState {
  return new MadeTraining().step(0, {}, [group]).log.reduce(applyToTraining, emptyTraining()).steps[0]!.groups[0]!;
}

const said = (group: GroupState) => wordsOf(render(StepTask, { props: { group, render: null } }));

function wordsOf({ body }: { readonly body: string }): string {
  return body
    .replaceAll(/<!--.*?-->|<[^>]*>/gs, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

test("prompt, reference with its aggregator, and every answer with reward and advantage", () => {
  const words = said(made({ answers: [4, 5, null], reference: 4 }));
  expect(words).toContain("Prompt What is 0 + 1?");
  expect(words).toContain("Reference Synthesis Answers");
  expect(words).toMatch(/Answer 1 4 = equal reward 1 \+0\.5 ↑/);
  expect(words).toMatch(/Answer 2 5 ≠ differs reward 0 −0\.5 ↓/);
  expect(words).toContain("Answer 3 no answer found");
  expect(words).not.toContain("Skipped");
});

test("a chosen reference says which answer it is", () => {
  const group = made({ answers: [4, 4], reference: 4 });
  const finished = { ...group.references.synthesis!.finished!, aggregator: "majority", chosen: 1 } as const;
  expect(said({ ...group, references: { majority: { text: "four", finished } } })).toContain(
    "Reference Majority vote, answer 2",
  );
});

test("groups without spread and without rewards say that they were skipped", () => {
  const alike = made({ answers: [4, 4], reference: 4 });
  const withZeros = { ...alike.finished!, advantages: [0, 0] };
  expect(skippedWords({ ...alike, finished: withZeros })).toContain("all rewards are equal");
  expect(taskSummary({ ...alike, finished: withZeros })).toBe("2/2 agree, skipped");
  expect(said(made({ answers: [4, 5], reference: null }))).toContain("no reward could be decided");
});

test("programs and advice say what was compared", async () => {
  const lists = (await listsRun()).reduce(apply, emptyRun).groups[0]!;
  const advice = (await adviceRun()).reduce(apply, emptyRun).groups[0]!;
  expect(said(lists)).toMatch(/inputs/);
  expect(said(advice)).toMatch(/Rubric from the reference a .* met/);
  expect(taskSummary(advice)).toMatch(/^mean reward \d\.\d\d/);
});

test("a step says its figures and lists its tasks, of which one is open", () => {
  const figures = { rewardMean: 0.625, kl: null, meanTokens: 41.5, fracRewardZeroStd: 0.5 };
  const training = new MadeTraining().step(0, figures).log.reduce(applyToTraining, emptyTraining());
  const whole = render(StepTasks, { props: { step: training.steps[0]!, render: null } });
  expect(wordsOf(whole)).toContain("reward 0.63 ± 0.3 KL – tokens 41.5 loss 0.01 gradient 0.8 skipped 50 % time 4.0 s");
  expect(wordsOf(whole)).toMatch(/Task 1 What is 0 \+ 1\? 2\/4 agree .* Task 2 What is 1 \+ 1\?/);
  expect(whole.body.match(/<details open/g)).toHaveLength(1);
});

test("of a training that was: its first step had nothing to learn from, and says so of both tasks", () => {
  const { steps } = realTraining().training;
  const first = render(StepTasks, { props: { step: steps[0]!, render: null } });
  expect(wordsOf(first).match(/Skipped: all rewards are equal/g)).toHaveLength(2);
  expect(wordsOf(first)).toMatch(/≠ differs reward 0 0 /);
  expect(wordsOf(first)).toContain("To the anchor, which does not see the question");
});
