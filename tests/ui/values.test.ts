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
  // What no program gives, but a file from elsewhere may hold.
  [undefined, "undefined"],
  [{ type: "object" }, '{"type":"object"}'],
  [{ type: "object", entries: [1] }, '{"type":"object","entries":[1]}'],
  [{ type: "object", entries: [null] }, '{"type":"object","entries":[null]}'],
  [{ type: "object", entries: [["a", 1], ["b"]] }, '{"type":"object","entries":[["a",1],["b"]]}'],
  [{ type: "object", entries: [[{ toString: 1 }, 1]] }, '{"type":"object","entries":[[{"toString":1},1]]}'],
  [{ type: "threw", error: { toString: 1 } }, '{"type":"threw","error":{"toString":1}}'],
  [{ type: "failed", why: { toString: null } }, '{"type":"failed","why":{"toString":null}}'],
  [{ type: "failed", why: "constructor" }, "constructor"],
  [{ type: "bigint", digits: { toString: 1 } }, '{"type":"bigint","digits":{"toString":1}}'],
] as const)("%j reads %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});

test("what is nested until the stack is full is cut", () => {
  const nested = (open: string, close: string) =>
    JSON.parse(`${open.repeat(20_000)}1${close.repeat(20_000)}`) as unknown;
  expect(valueText(nested("[", "]"))).toBe(`${"[".repeat(33)}…${"]".repeat(33)}`);
  expect(valueText(nested('{"type":"object","entries":[["a",', "]]}"))).toContain("{ a: { a: …");
  expect(valueText(nested('{"x":', "}"))).toBe("…");
});

test("arguments stand side by side, and what is no list of them alone", () => {
  expect(argumentsText([[3, 1], 2])).toBe("[3, 1], 2");
  expect(argumentsText([])).toBe("");
  expect(argumentsText("odd")).toBe('"odd"');
});
