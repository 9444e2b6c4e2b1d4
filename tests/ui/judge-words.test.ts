/** @file Who judges, in words. */
import { expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import { judgeText } from "../../src/ui/state/judge-words.ts";
import { adviceRun } from "./fixture-advice.ts";

const header = (await adviceRun()).reduce(apply, emptyRun).header!;
const { judge } = header.models;

test("a judge of its own is named; one that is the policy is said to be that; none is not spoken of", () => {
  expect(judgeText({ ...header, judgeIndependent: true })).toBe(`independent judge: ${judge!.id}`);
  expect(judgeText({ ...header, judgeIndependent: false })).toBe("judge = policy (not independent)");
  expect(judgeText({ ...header, models: { ...header.models, judge: null } })).toBe("");
});
