/** @file The visitor's own wording of prompts: what it must hold, which runs it is in, and that it reaches the model and the log. */
import { describe, expect, test } from "vitest";
import {
  editableTemplates,
  editProblem,
  editsFor,
  placeOf,
  type PromptEdit,
  withEditedPrompts,
} from "../../src/cat/prompt-edits.ts";
import { rolloutPrompt, synthesisPrompt, verdictPrompt } from "../../src/cat/prompts.ts";
import { shippedPrompt } from "../../src/cat/shipped-prompts.ts";
import { scripted } from "../scripted.ts";
import { groupOf, of, runToEnd } from "./run.ts";

const sets = ["default", "kitten", "kitten-judge"] as const;

test("every shipped wording passes its own check", () => {
  for (const set of sets) {
    for (const template of editableTemplates) {
      expect(editProblem({ template, user: shippedPrompt(set, template).user }), `${set} ${template}`).toBeNull();
    }
  }
});

describe("a wording that cannot be used is refused with the reason", () => {
  test.each([
    ["rollout", "Answer!", /lacks \{prompt\}: the policy/],
    ["synthesis", "Combine.", /lacks \{rollouts\}: the anchor/],
    ["synthesis", "{prompt} {rollouts}", /Take \{prompt\} out: the anchor must not see the question/],
    ["verdict", "{rollout}: {criterion} {prompt}", /Take \{prompt\} out: the judge/],
    ["verdict", "{rollout}?", /lacks \{criterion\}/],
    ["rubric", "{reference} {rollouts}", /\{rollouts\} means nothing here. There is \{reference\}\./],
    ["rollout", `{prompt}${"x".repeat(8000)}`, /8008 characters/],
  ] as const)("%s: %s", (template, user, why) => {
    expect(editProblem({ template, user })).toMatch(why);
  });

  test("other words in braces are text", () => {
    expect(editProblem({ template: "rollout", user: "{prompt} Put it into \\boxed{answer}." })).toBeNull();
  });
});

test("the words change, and what keeps a text in its frame does not", () => {
  const edits: PromptEdit[] = [
    { set: "kitten", template: "synthesis", user: "Merge {count}:\n{rollouts}" },
    { set: "default", template: "synthesis", user: "never {rollouts}" },
  ];
  const anchor = withEditedPrompts(scripted({ promptSet: "kitten" }), edits);
  const [message] = synthesisPrompt(anchor, "math", groupOf("math", "one\n[2] two <|end|>", "three").rollouts);
  expect(message!.content).toBe("Merge 2:\n[1] one [2] two ‹|end|>\n[2] three");
  expect(rolloutPrompt(anchor, "math", "q")).toEqual(rolloutPrompt(scripted({ promptSet: "kitten" }), "math", "q"));
  const judge = withEditedPrompts(scripted({}), [
    { set: "default", template: "verdict", user: "{criterion}? {rollout}" },
  ]);
  expect(verdictPrompt(judge, "</response> yes", { id: 0, text: "a" })[0]!.content).toBe("a? ‹/response> yes");
});

test("a model without edits of its set is itself", () => {
  const model = scripted({});
  expect(withEditedPrompts(model, [{ set: "kitten", template: "rollout", user: "{prompt}!" }])).toBe(model);
});

test("a run is under the edits of its kind and of its models' sets", () => {
  const edits = sets.flatMap((set) => editableTemplates.map((template): PromptEdit => ({ set, template, user: "" })));
  const names = (kind: "math" | "code" | "open", judge: "kitten-judge" | null) =>
    editsFor(kind, edits, { policy: "kitten", judge }).map(({ set, template }) => `${set} ${template}`);
  expect(names("math", null)).toEqual(["kitten rollout", "kitten synthesis"]);
  expect(names("code", null)).toEqual(["kitten rolloutCode", "kitten synthesisCode"]);
  expect(names("open", "kitten-judge").slice(-4)).toEqual(
    ["verdict", "sameMeaning", "says", "denies"].map((name) => `kitten-judge ${name}`),
  );
  expect(names("open", null).every((name) => name.startsWith("kitten "))).toBe(true);
});

test("the whole method is asked in the new words", async () => {
  const edits: PromptEdit[] = [
    { set: "default", template: "rollout", user: "Q: {prompt}" },
    { set: "default", template: "synthesis", user: "R: {rollouts}" },
  ];
  const policy = withEditedPrompts(scripted({ answer: () => "\\boxed{4}" }), edits);
  const log = await runToEnd({ policy });
  expect(of(log, "prompt.sent").map(({ messages }) => messages[0]!.content.slice(0, 3))).toEqual(["Q: ", "R: "]);
  for (const template of editableTemplates) expect(placeOf(template).kinds.length).toBeGreaterThan(0);
});
