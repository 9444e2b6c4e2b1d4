/** @file Two programs compared by what they do, through a runner that is real. */
import { afterAll, describe, expect, test } from "vitest";
import { createNodeRunner } from "../../../src/sandbox/node-runner.ts";
import { comparePrograms } from "../../../src/verify/code/compare.ts";

const runner = createNodeRunner(1000);
afterAll(() => runner.dispose());

const SUM = "function f(list) { return list.reduce((a, b) => a + b, 0); }";
const compare = (a: string, b: string, options = {}) => comparePrograms(a, b, runner, options);

test.each([
  ["itself", SUM, true],
  ["another way to the same, under another name", "function total(xs) { let s = 0; for (const x of xs) s += x; return s; }", true], // prettier-ignore
  ["in prose and a fence", `Add them up:\n\`\`\`js\nconst f = (list) => list.reduce((a, b) => a + b, 0);\n\`\`\`\nDone.`, true], // prettier-ignore
  ["what differs on one kind of list only", "function f(list) { return list.length === 0 ? null : list.reduce((a, b) => a + b); }", false], // prettier-ignore
  ["a text of the same digits", "function f(list) { return String(list.reduce((a, b) => a + b, 0)); }", false],
])("%s", async (_, b, equal) => {
  for (const verdict of [await compare(SUM, b), await compare(b, SUM)]) {
    expect(verdict).toMatchObject({ equal, failure: null });
    expect(verdict.results.every(({ same }) => same)).toBe(equal);
    expect(verdict.results.length).toBeGreaterThan(20);
  }
});

describe("what cannot be decided is null, and says why", () => {
  test.each([
    ["no function", "The answer is 4.", SUM, "the reference has no function"],
    ["one that never gives a value", "function f(list) { throw 1; }", SUM, "the reference gives no value"],
    ["one that never ends", "function f(list) { for (;;) {} }", SUM, "the reference gives no value"],
  ])("%s in the reference", async (_, a, b, failure) => {
    expect(await compare(a, b)).toEqual({ equal: null, results: [], failure });
  });

  test("no input to compare on", async () => {
    expect(await compare(SUM, SUM, { inputs: [] })).toMatchObject({ equal: null });
  });
});

test.each([
  ["The answer is 4.", "no code"],
  ["function f(list) { return list.sum(); }", "threw"],
  ["function f(list) { for (;;) {} }", "timeout"],
  ["function f(list) { return new Map(); }", "not plain data"],
  ['function f(list) { return import("x"); }', "refused"],
])("%s is another, and why is said: %s", async (b, failure) => {
  expect(await compare(SUM, b)).toMatchObject({ equal: false, failure });
});

test("inputs are those given, else made from the names given, else from the reference's own", async () => {
  const given = await compare(SUM, SUM, { inputs: [[[1, 2]], [[]]], parameters: ["s"] });
  expect(given.results).toEqual([
    { input: [[1, 2]], expected: 3, actual: 3, same: true },
    { input: [[]], expected: 0, actual: 0, same: true },
  ]);
  const length = "function f(x) { return x.length; }";
  const named = await compare(length, length, { parameters: ["text"] });
  expect(named.results.every(({ input }) => typeof (input as unknown[])[0] === "string")).toBe(true);
  expect((await compare(SUM, SUM)).results.every(({ input }) => Array.isArray((input as unknown[])[0]))).toBe(true);
});
