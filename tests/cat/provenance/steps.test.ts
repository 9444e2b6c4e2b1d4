/** @file Cutting into steps: whatever the text, steps are parts of it in order; and what a person would call a step. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stepsOf } from "../../../src/cat/provenance/steps.ts";

const texts = (text: string) => stepsOf(text).map((step) => step.text);

/** Text made of what models write, so that the borders of every rule are met. */
const written = fc
  .array(
    fc.constantFrom(
      "a b",
      "3 × 4 = 12",
      ". ",
      "? ",
      "\n",
      "\n\n",
      "- ",
      "1. ",
      "$",
      "$$",
      "\\[",
      "\\]",
      "\\(",
      "\\)",
      "\\\\",
      "```js\n",
      "```",
      "// c\n",
      "function f(x) {\n",
      "}",
      "\\boxed{7}",
      "</think>",
      "**",
      ":",
      "5.5",
      "e.g. ",
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

test("steps lie in the text, in order, apart, trimmed and not empty", () => {
  fc.assert(
    fc.property(fc.oneof(written, fc.string()), (text) => {
      let end = 0;
      for (const step of stepsOf(text)) {
        expect(step.start).toBeGreaterThanOrEqual(end);
        expect(step.end).toBeGreaterThan(step.start);
        expect(text.slice(step.start, step.end)).toBe(step.text);
        expect(step.text.trim()).toBe(step.text);
        end = step.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 300 },
  );
});

test.each([
  [
    "sentences, with a box behind them",
    "Double: 7 × 2 = 14. 3 more: 14 + 3 = 17. \\boxed{17}",
    ["Double: 7 × 2 = 14.", "3 more: 14 + 3 = 17.", "\\boxed{17}"],
  ],
  [
    "decimals, short forms and formulas end nothing",
    "Add 5.5 kg, e.g. of rice. So $x. y$ holds.",
    ["Add 5.5 kg, e.g. of rice.", "So $x. y$ holds."],
  ],
  ["prices are no formulas", "It costs $5. Then it is $3.", ["It costs $5.", "Then it is $3."]],
  [
    "lists, without their marks",
    "1. First rest.\n2. Then drink.\n- **Air:** open it",
    ["First rest.", "Then drink.", "**Air:** open it"],
  ],
  ["headings and what leads in are none", "**Step 1:**\nWe add:\n- two\n", ["two"]],
  [
    "displayed lines, the first with its sentence",
    "This gives:\n\\[ 1 + 1 = 2 \\\\ 2 + 2 = 4 \\]\nDone.",
    ["This gives:\n\\[ 1 + 1 = 2", "2 + 2 = 4", "Done."],
  ],
  ["aligned lines", "\\begin{align}\na &= 1 \\\\\nb &= 2\n\\end{align}", ["a &= 1", "b &= 2"]],
  ["thinking is passed over", "<think>1 + 1 = 3.</think>It is 2.", ["It is 2."]],
  [
    "comments with their code, frame left out",
    "function f(list) {\n  // double\n  list = list.map((x) => 2 * x);\n  // out\n  return list;\n}",
    ["// double\n  list = list.map((x) => 2 * x);", "// out\n  return list;"],
  ],
  ["lines where there are no comments", "```js\nconst a = 1;\nreturn a;\n```", ["const a = 1;", "return a;"]],
  ["nothing", " \n** ** ", []],
])("%s", (_, text, steps) => {
  expect(texts(text)).toEqual(steps);
});
