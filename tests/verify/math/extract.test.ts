import { expect, test } from "vitest";
import { extractAnswer, extractBoxed } from "../../../src/verify/math/extract.ts";

test.each([
  ["So \\boxed{32}", "32"],
  ["\\boxed{1} then \\boxed{2}", "2"],
  ["\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"],
  ["\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"],
  ["\\fbox{7} is it", "7"],
  ["\\boxed{5} and an unclosed \\boxed{6", "5"],
  ["\\boxed{} after \\boxed{4}", "4"],
  ["The answer is 12 apples. I had 30 before.", "12"],
  ["Answer: -3.5", "-3.5"],
  ["20 + 12 = 32. Done", "32"],
  ["20-5", "5"],
  ["= -5", "-5"],
  ["1,234 in all, of 5,", "5"],
  ["half is 1/2", "1/2"],
  ["The answer is $\\frac{1}{2}$.", "\\frac{1}{2}"],
  ["so x = \\frac{3}{4}", "\\frac{3}{4}"],
  ["it is .5", ".5"],
  ["= –2", "–2"],
  ["\\boxed {5} and 7 left", "5"],
  ["The answer is 12 (not 15)", "12"],
  ["The answer is 3 × 4 = 12", "12"],
  ["The answer is $4$ or $-4$.", "4 or -4"],
  ["The answer is (C).", "(C)"],
  ["The answer is sixteen.", "sixteen"],
  ["The answer is $x = 3$. Check: 9 = 9", "x = 3"],
  ["**Answer:** 42", "42"],
  ["The answer is that 5 of the 12 are red", "5"],
  ["We get \\[ x^2 + 1 \\] at 2 places", "x^2 + 1"],
  ["First $$y = 1$$ and then $$y = 2x.$$", "y = 2x"],
  ["It simplifies to $x^2 - 1$, as was to be shown.", "x^2 - 1"],
  ["With $x^2 - 1$ we get 7", "7"],
  ["\\boxed{3} beats \\[ 4 \\]", "3"],
  ["nothing", null],
  ["", null],
  ["\\boxed{", null],
])("%j → %j", (text, answer) => {
  expect(extractAnswer(text)).toBe(answer);
});

test("a box beats anything after it", () => {
  expect(extractAnswer("\\boxed{4}. The answer is 5, or 6")).toBe("4");
  expect(extractBoxed("the answer is 5")).toBeNull();
});
