/** @file A criterion quoted in an answer is taken out; advice, and criteria that are advice themselves, stay. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { unquoted } from "../../../src/cat/reward/unquoted.ts";

test.each([
  ["Criterion: Tells you to rest.\nyes", "Tells you to rest.", "Criterion: ….\nyes"],
  ["[x] tells  you\nTO rest (done)", "Tells you to rest.", "[x] … (done)"],
  ["The answer says when (and how) to call.", "The answer says when (and how) to call", "…."],
  ["Mentions C++ code, mentions c++ code", "Mentions C++ code.", "…, …"],
])("%j without %j", (answer, criterion, expected) => {
  expect(unquoted(answer, criterion)).toBe(expected);
});

test.each([
  ["Rest in bed.", "Tells you to rest."],
  // A criterion that a visitor wrote as advice: saying it is the deed.
  ["Rest in bed.", "Rest in bed."],
  ["Always rest a lot.", "Always rest a lot."],
  // Part of other words.
  ["She tells you to restart it.", "Tells you to rest."],
  ["It is clear.", "Is clear."],
  ["anything", ""],
])("%j stays as it is under %j", (answer, criterion) => {
  expect(unquoted(answer, criterion)).toBe(answer);
});

test("whatever the criterion says, no error, and nothing of it word for word is left", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: "grapheme" }), (around, text) => {
      const criterion = `Tells you to ${text}`;
      const left = unquoted(`${around} ${criterion} ${around}`, criterion);
      if (text.trim() !== "" && /^[\p{L}\p{N}]+$/u.test(text)) expect(left).not.toContain(criterion);
    }),
  );
});
