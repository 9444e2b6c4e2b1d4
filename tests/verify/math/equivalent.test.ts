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
] as const;
const DIFFERENT = [
  ["4", "5"],
  ["0.333", "1/3"],
  ["-4", "4"],
  ["123456789012345678901234567890", "123456789012345678901234567891"],
  ["1,234", "1.234"],
] as const;
const UNDECIDED = [
  ["\\sqrt{16}", "4"],
  ["4", "four"],
  ["1/0", "1"],
  ["12,34", "1234"],
  ["2(3)", "23"],
  ["(2)(3)", "23"],
  ["3 4", "34"],
  ["1 2 3", "123"],
  ["(1,234)", "1234"],
  ["1/0", "\\frac{1}{0}"],
  ["", "0"],
  ["red", "blue"],
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
