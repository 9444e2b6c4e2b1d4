import { expect, test } from "vitest";
import { sameAnswer } from "../../../src/verify/math/equivalent.ts";

const SAME = [
  ["32", "32"],
  ["32", "32.0"],
  ["0.5", "1/2"],
  ["\\frac{1}{2}", "0.50"],
  ["\\dfrac{2}{4}", ".5"],
  ["-\\frac{3}{6}", "−0.5"],
  ["1,234", "1234"],
  ["$7$", "7"],
  ["50%", "0.5"],
  ["25\\%", "\\frac14".replace("14", "{1}{4}")],
  ["+3", "3."],
  ["00012", "12"],
  ["123456789012345678901234567890", "123456789012345678901234567890.000"],
  ["1 1/2", "3/2"],
  ["1\\frac{1}{2}", "1.5"],
  ["-1 \\frac{1}{2}", "-1.5"],
  ["\\frac{-1}{2}", "-0.5"],
  ["1/-2", "-\\frac12".replace("12", "{1}{2}")],
  ["10\\,080", "10,080"],
  ["10 000", "10000"],
  ["(7)", "7"],
  ["–2", "-2"],
  ["x = 2", "x  =  2."],
  ["blue", " blue "],
  ["\\sqrt{16}", "4"],
  ["4", "four"],
  ["\\frac{1}{x}-\\frac{1}{x^2}", "\\frac{x-1}{x^2}"],
  ["\\frac{x^4-1}{x^2+1}", "x^2-1"],
  ["12,\\! 345,\\!678", "12345678"],
] as const;
const DIFFERENT = [
  ["4", "5"],
  ["0.333", "1/3"],
  ["-4", "4"],
  ["123456789012345678901234567890", "123456789012345678901234567891"],
  ["1,234", "1.234"],
  ["2(3)", "23"],
  ["(2)(3)", "23"],
] as const;
const UNDECIDED = [
  ["1/0", "1"],
  ["12,34", "1234"],
  ["3 4", "34"],
  ["1 2 3", "123"],
  ["(1,234)", "1234"],
  ["1/0", "\\frac{1}{0}"],
  ["", "0"],
  ["red", "blue"],
  ["\\frac{x^2-100}{x-10}", "x+10"],
  ["\\frac{x^2-10^6}{x+1000}", "x-1000"],
  ["\\frac{(x-\\sqrt{3})^2}{x-\\sqrt{3}}", "x-\\sqrt{3}"],
  ["\\frac{(x-\\pi)^4}{(x-\\pi)^2}", "(x-\\pi)^2"],
  ["\\frac{xy-x}{y-1}", "x"],
] as const;

test.each([
  ...SAME.map(([a, b]) => [a, b, true] as const),
  ...DIFFERENT.map(([a, b]) => [a, b, false] as const),
  ...UNDECIDED.map(([a, b]) => [a, b, null] as const),
])("%j and %j: %j", (a, b, equal) => {
  expect(sameAnswer(a, b).equal).toBe(equal);
  expect(sameAnswer(b, a).equal).toBe(equal);
  expect(sameAnswer(a, a).equal).toBe(true);
  expect(sameAnswer(b, b).equal).toBe(true);
});

test("normal forms and the rule say why", () => {
  expect(sameAnswer("\\frac{6}{4}", "1.5")).toEqual({ equal: true, rule: "same number", a: "3/2", b: "3/2" });
});

test.each([
  ["\\frac{x}{2}+1", "(1/2)·x + 1"],
  ["2\\sqrt{12}", "2·√(12)"],
  ["x < 3", "x ∈ (-∞, 3)"],
  ["x = 2 or x = 1", "x = {1, 2}"],
  ["8 cm", "8 cm"],
  ["-(x+1)", "-(1 + x)"],
  ["\\text{(B)}", "(B)"],
  ["the  blue one.", "the blue one"],
])("normal form of %j", (answer, normal) => {
  expect(sameAnswer(answer, "0").a).toBe(normal);
});

test("the first of several alternatives is accepted on request, in both directions", () => {
  const asked = { acceptAlternative: true };
  expect(sameAnswer("4", "4 or -4").equal).toBe(false);
  expect(sameAnswer("4", "4 or -4", asked).equal).toBe(true);
  expect(sameAnswer("4 or -4", "4", asked)).toMatchObject({ equal: true, rule: "the first of the alternatives" });
  expect(sameAnswer("-4", "4 or -4", asked).equal).toBe(false);
});

test("never throws and stays symmetric on arbitrary text", () => {
  const alphabet = "0123456789.,/%-+$\\{}()frac \n∞√";
  let state = 7;
  const next = (n: number) => (state = (state * 48271) % 2147483647) % n;
  const random = () => Array.from({ length: next(9) }, () => alphabet[next(alphabet.length)]).join("");
  for (let i = 0; i < 2000; i++) {
    const [a, b] = [random(), random()];
    expect(sameAnswer(a, b).equal).toBe(sameAnswer(b, a).equal);
    expect(sameAnswer(a, a).equal).toBe(true);
  }
});
