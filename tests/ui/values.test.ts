/** @file Inputs and results as the screen writes them; every form of docs/formats.md. */
import { expect, test } from "vitest";
import { argumentsText, valueText } from "../../src/ui/values.ts";

test.each([
  [3, "3"],
  [-2.5, "-2.5"],
  [-0, "0"],
  ["a-b", '"a-b"'],
  [null, "null"],
  [true, "true"],
  [[1, [2, null]], "[1, [2, null]]"],
  [{ type: "undefined" }, "undefined"],
  [{ type: "NaN" }, "NaN"],
  [{ type: "-Infinity" }, "-Infinity"],
  [{ type: "bigint", digits: "10" }, "10n"],
  [
    {
      type: "object",
      entries: [
        ["a", 1],
        ["b", [2]],
      ],
    },
    "{ a: 1, b: [2] }",
  ],
  [{ type: "threw", error: "TypeError: x" }, "throws TypeError: x"],
  [{ type: "failed", why: "timeout" }, "no result in time"],
  [{ type: "failed", why: "news" }, "news"],
  [{ type: "something else" }, '{"type":"something else"}'],
] as const)("%j reads %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});

test("arguments stand side by side, and what is no list of them alone", () => {
  expect(argumentsText([[3, 1], 2])).toBe("[3, 1], 2");
  expect(argumentsText([])).toBe("");
  expect(argumentsText("odd")).toBe('"odd"');
});
