/** @file Who is asked what, and who has the last word. The symbolic checker here says what it is told to. */
import { expect, test } from "vitest";
import { settleAnswers } from "../../../src/verify/math/settle.ts";
import { equivalentAnswers } from "../../../src/verify/math/verdict.ts";

function saying(verdict: boolean | null) {
  const asked: (readonly [string, string])[] = [];
  return {
    asked,
    check: (a: string, b: string) => {
      asked.push([a, b]);
      return Promise.resolve(verdict);
    },
  };
}

const SUM = "\\sum_{k=1}^{10} k";

test.each([
  ["12", "13"],
  ["x+1", "1+x"],
  ["x", "y"],
  ["\\frac{x}{x}", "1"],
  ["red", "blue"],
  ["3,5", "3.5"],
  ["5 m", "5"],
  ["\\int x\\,dx", "\\frac{x^2}{2}"],
  ["\\frac{d}{dx}x", "1"],
  ["1+2+\\cdots+9", "45"],
])("%s and %s: computer algebra is not asked", async (a, b) => {
  const symbolic = saying(true);
  const { equal } = await settleAnswers(a, b, { symbolic });
  expect(symbolic.asked).toEqual([]);
  expect(equal).toBe((await settleAnswers(a, b)).equal);
});

test.each([
  [true, true, "same by computer algebra"],
  [false, false, "different by computer algebra"],
  [null, null, "one of the two could not be read"],
])("a sum is asked about; %s gives %s", async (says, equal, rule) => {
  const symbolic = saying(says);
  expect(await settleAnswers(SUM, "55", { symbolic })).toMatchObject({ equal, rule, second: null });
  // In one order, whichever way it is asked.
  expect(await settleAnswers("55", SUM, { symbolic })).toMatchObject({ equal, rule });
  expect(symbolic.asked).toEqual([
    ["55", SUM],
    ["55", SUM],
  ]);
});

test.each([
  ["0.5", "\\frac12", true],
  ["(1, 2)", "(2, 1)", false],
  ["3, 1, 2", "1, 2, 3", true],
  ["2\\pi", "6.28", false],
  ["x^2-1", "(x-1)(x+1)", true],
  ["\\{1\\}", "1", null],
  ["x < 2", "x < 2", null],
  ["5 \\text{ cm}", "5", null],
])("the second checker on %s and %s: %s", async (a, b, second) => {
  expect((await settleAnswers(a, b)).second).toBe(second);
});

test("the second checker does not change a verdict, it stands beside it", async () => {
  expect(await settleAnswers("\\pi+10^{-30}", "\\pi")).toMatchObject({ equal: false, second: true });
});

test("paper-exact: boxed strings, trimmed; no box, no verdict", async () => {
  const exact = { paperExact: true };
  expect(await equivalentAnswers("\\boxed{ 12 }", "so \\boxed{12}", exact)).toMatchObject({
    equal: true,
    a: { extracted: "12" },
  });
  expect(await equivalentAnswers("\\boxed{12}", "\\boxed{12.0}", exact)).toMatchObject({ equal: false });
  expect(await equivalentAnswers("12", "\\boxed{12}", exact)).toMatchObject({ equal: null, rule: "no box in both" });
});

test("texts: what is extracted, and what it means", async () => {
  expect(await equivalentAnswers("So the answer is $x = \\frac{6}{4}$.", "1.5")).toMatchObject({
    equal: true,
    a: { extracted: "x = \\frac{6}{4}", normal: "x = 3/2" },
    b: { extracted: "1.5", normal: "3/2" },
  });
  expect(await equivalentAnswers("", "1")).toMatchObject({ equal: null, a: { extracted: null, normal: null } });
});
