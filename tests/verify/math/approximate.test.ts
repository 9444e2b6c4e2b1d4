/** @file Values with their error bounds, against values known to many digits and against exact arithmetic. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { approximate, type Place } from "../../../src/verify/math/approximate.ts";
import { toDouble } from "../../../src/verify/math/arithmetic.ts";
import { readExpression } from "../../../src/verify/math/expression.ts";
import { lex } from "../../../src/verify/math/lexer.ts";
import { tidy } from "../../../src/verify/math/tidy.ts";
import type { Tree } from "../../../src/verify/math/tree.ts";
import { Work } from "../../../src/verify/math/work.ts";

const nowhere: Place = { values: new Map(), complex: true };

function tree(text: string): Tree {
  return readExpression(lex(tidy(text))!)!;
}

test.each([
  ["\\sqrt{2}", 1.4142135623730951],
  ["e^{\\pi}", 23.140692632779267],
  ["\\ln 10", 2.302585092994046],
  ["\\sin 1", 0.8414709848078965],
  ["\\arctan 1", 0.7853981633974483],
  ["\\sqrt[3]{-2}", -1.2599210498948732],
  ["|3-4i|", 5],
  ["\\lfloor -\\pi \\rfloor", -4],
  ["2^{0.3}", 1.2311444133449163],
])("%s", (text, value) => {
  const { re, im, error } = approximate(tree(text), nowhere, new Work())!;
  expect(im).toBe(0);
  expect(Math.abs(re - value)).toBeLessThanOrEqual(error + 1e-15 * Math.abs(value));
  expect(error).toBeLessThan(1e-13 * Math.max(1, Math.abs(value)));
});

test.each([
  "\\frac{1}{0}",
  "\\frac{1}{\\sin\\pi}",
  "0^0",
  "\\ln(-1)",
  "(-8)^{\\pi}",
  "\\tan\\frac{\\pi}{2}",
  "\\infty-\\infty",
  "\\arcsin 2",
])("%s has no value", (text) => {
  expect(approximate(tree(text), nowhere, new Work())).toBeNull();
});

test("the error bound holds for sums and products of fractions that exact arithmetic knows", () => {
  const fraction = fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 999 }));
  fc.assert(
    fc.property(fc.array(fraction, { minLength: 2, maxLength: 8 }), (all) => {
      // The letter keeps the sum from being folded; its value is 1.
      const terms = all.map(([n, d]) => `x\\frac{${n}}{${d}}`).join("+");
      const exact = tree(all.map(([n, d]) => `(\\frac{${n}}{${d}})`).join("+"));
      const value = approximate(tree(terms), { values: new Map([["x", 1]]), complex: false }, new Work())!;
      expect(exact.type).toBe("number");
      if (exact.type === "number")
        expect(Math.abs(value.re - toDouble(exact.value))).toBeLessThanOrEqual(value.error + 1e-16);
    }),
  );
});

test("a part that is lost in rounding shows as a detail below the error", () => {
  const hidden = approximate(tree("e^{56}+1"), nowhere, new Work())!;
  expect(hidden.detail).toBeLessThan(1000 * hidden.error);
  const seen = approximate(tree("e^{2}+1"), nowhere, new Work())!;
  expect(seen.detail).toBeGreaterThan(1000 * seen.error);
});
