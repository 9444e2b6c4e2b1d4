/** @file Lines of `npm run verify -- code`, with Node's runner in place of the browser's. That it runs in Chromium is tested in tests/browser. */
import { afterAll, expect, test } from "vitest";
import { compareLine } from "../../scripts/verify-code.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";

const runner = createNodeRunner(1000);
afterAll(() => runner.dispose());
const line = (given: unknown) => compareLine(typeof given === "string" ? given : JSON.stringify(given), runner);

const LENGTH = "function f(list) { return list.length; }";

test("a line is answered with the verdict, each input and why", async () => {
  expect(await line({ a: LENGTH, b: "function f(list) { return list.size; }", inputs: [[[1]]] })).toEqual({
    equal: false,
    results: [{ input: [[1]], expected: 1, actual: { type: "undefined" }, same: false }],
    failure: null,
  });
});

test.each([
  ["an arrow", "const f = (list) => list.length;"],
  ["helpers", "// its length\nconst one = 1;\nfunction f(list) {\n  return list.reduce((n) => n + one, 0);\n}"],
  ["an answer", "The length, then:\n\n```js\nfunction f(list) { return list.length; }\n```"],
  ["prose before it", `Here's one, isn't it?\n${LENGTH}`],
])("a program may come as %s", async (_, b) => {
  expect(await line({ a: LENGTH, b })).toMatchObject({ equal: true, failure: null });
});

test("a signature names the parameters", async () => {
  const upper = "function f(x) { return x.toUpperCase(); }";
  expect(await line({ a: upper, b: upper })).toMatchObject({ equal: null });
  for (const signature of ["f(text)", "function f(text)", "(text, n = 2)", "f(text): string"]) {
    expect(await line({ a: upper, b: upper, signature })).toMatchObject({ equal: true });
  }
});

test.each([
  ["{", /not JSON/],
  ["", /not JSON/],
  ["[]", /not an object/],
  ["null", /not an object/],
  [{ b: LENGTH }, /"a" is no text/],
  [{ a: LENGTH, b: 4 }, /"b" is no text/],
  [{ a: LENGTH, b: LENGTH, signature: "list" }, /"signature" is not one/],
  [{ a: LENGTH, b: LENGTH, signature: "f(" }, /"signature" is not one/],
  [{ a: LENGTH, b: LENGTH, signature: 1 }, /"signature" is not one/],
  [{ a: LENGTH, b: LENGTH, inputs: [1] }, /"inputs" are none/],
  [{ a: LENGTH, b: LENGTH, inputs: "x" }, /"inputs" are none/],
])("%j is a bad line, and says what is wrong", async (given, message) => {
  expect(await line(given)).toEqual({ error: expect.stringMatching(message) as string });
});
