/** @file A training's choices as text: what can be used comes through forms and links unchanged, what cannot is named with what is accepted. */
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import type { TrainingChoice } from "../../src/lab/protocol.ts";
import { ChoiceForm } from "../../src/ui/state/choice-form.svelte.ts";
import {
  choiceOf,
  firstTexts,
  formatChoice,
  parseChoice,
  problemsOf,
  textsOf,
} from "../../src/ui/state/training-choice.ts";
import { choiceFields, frontFields, isAsked } from "../../src/ui/state/training-fields.ts";

const choices: fc.Arbitrary<TrainingChoice> = fc.record({
  domain: fc.constantFrom("sums", "lists", "advice"),
  aggregator: fc.constantFrom("synthesis", "selfBestOfN"),
  reward: fc.constantFrom("cat", "random", "shuffled"),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  rollouts: fc.integer({ min: 2, max: 16 }),
  tasks: fc.integer({ min: 1, max: 64 }),
  learningRate: fc.double({ min: 1e-9, max: 1, noNaN: true }),
  kl: fc.double({ min: 0, max: 10, noNaN: true }),
  lengthPenalty: fc.option(fc.integer({ min: 1, max: 4096 })),
  anchor: fc.constantFrom("frozen", "current"),
  rubricFrom: fc.constantFrom("reference", "prompt"),
  items: fc.integer({ min: 2, max: 120 }),
  evaluateEvery: fc.integer({ min: 1, max: 100_000 }),
});

test("any choice goes into a link and comes back the same", () => {
  fc.assert(
    fc.property(choices, (choice) => {
      const { texts, problems } = parseChoice(formatChoice(textsOf(choice)));
      expect(problems).toEqual([]);
      // JSON has no −0, and neither has a text.
      expect(choiceOf(texts)).toEqual({ ...choice, kl: choice.kl + 0 });
    }),
  );
});

test("at first it is as npm run train has it, and the link says nothing", () => {
  expect(problemsOf(firstTexts)).toEqual({});
  expect(formatChoice(firstTexts)).toBe("");
  expect(choiceOf(firstTexts)).toEqual({
    ...{ domain: "sums", seed: 1, rollouts: 8, tasks: 8, kl: 0.01, learningRate: 1e-4, aggregator: "synthesis" },
    ...{ rubricFrom: "reference", anchor: "frozen", reward: "cat", lengthPenalty: null, items: 100, evaluateEvery: 10 },
  });
});

test("every choice has a field with one sentence of its own", () => {
  expect(choiceFields.map(({ name }) => name).sort()).toEqual(Object.keys(firstTexts).sort());
  for (const { about } of choiceFields) expect(about).toMatch(/^[A-Z][^.]+\.$/);
  expect(new Set(choiceFields.map(({ about }) => about)).size).toBe(choiceFields.length);
  for (const name of frontFields) expect(choiceFields.some((field) => field.name === name)).toBe(true);
  expect([isAsked("rubricFrom", "sums"), isAsked("rubricFrom", "advice"), isAsked("kl", "sums")]).toEqual([
    ...[false, true, true],
  ]);
});

describe("what cannot be used", () => {
  test.each([
    ["seed", "-1", "from 0 to 4294967295"],
    ["seed", "1.5", "a whole number"],
    ["seed", "", "nothing"],
    ["rollouts", "1", "from 2 to 16"],
    ["rollouts", "17", "“17”"],
    ["tasks", "0x8", "“0x8”"],
    ["tasks", "8 8", "“8 8”"],
    ["kl", "eleven", "a number from 0 to 10"],
    ["kl", "NaN", "“NaN”"],
    ["learningRate", "0", "from 1e-9 to 1"],
    ["lengthPenalty", "0", "or nothing"],
    ["items", "501", "from 2 to 500"],
    ["evaluateEvery", "∞", "“∞”"],
    ["aggregator", "best", "synthesis, majority or selfBestOfN"],
    ["domain", "history", "sums, lists or advice"],
  ] as const)("%s = %j is named with what is accepted", (name, text, said) => {
    const problems = problemsOf({ ...firstTexts, [name]: text });
    expect(Object.keys(problems)).toEqual([name]);
    expect(problems[name]).toContain(said);
  });

  test("in a domain alone: a vote on advice, and more items than it has", () => {
    const advice = { ...firstTexts, domain: "advice" };
    expect(problemsOf({ ...advice, aggregator: "majority" }).aggregator).toContain("no one answer");
    expect(problemsOf({ ...advice, items: "121" }).items).toContain("to 120");
    expect(problemsOf({ ...advice, items: "120", aggregator: "selfBestOfN" })).toEqual({});
  });

  test("in a link is said once each, and the rest of the link stands", () => {
    const { texts, problems } = parseChoice("domain=lists&g=99&kl=%3Cb%3E&tasks=4&more=1");
    expect(texts).toEqual({ ...firstTexts, domain: "lists", tasks: "4" });
    expect(problems).toHaveLength(2);
    expect(problems.join()).toMatch(/“99”.*“<b>”/);
  });
});

describe("the form", () => {
  test("has a choice and a link while nothing is wrong", () => {
    const form = new ChoiceForm();
    expect([form.query, form.changed]).toEqual(["", false]);
    form.set("tasks", "4");
    expect([form.query, form.choice?.tasks, form.changed]).toEqual(["tasks=4", 4, true]);
    form.set("tasks", "four");
    expect([form.query, form.choice, form.problems.tasks]).toEqual([null, null, expect.stringContaining("“four”")]);
    form.reset();
    expect(form.query).toBe("");
  });

  test("lets go of the vote when advice is chosen", () => {
    const form = new ChoiceForm();
    form.set("aggregator", "majority");
    form.set("domain", "lists");
    expect(form.choice?.aggregator).toBe("majority");
    form.set("domain", "advice");
    expect(form.choice?.aggregator).toBe("synthesis");
  });
});
