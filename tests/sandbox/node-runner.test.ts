import { afterAll, describe, expect, test } from "vitest";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import type { Outcome } from "../../src/verify/code/outcome.ts";

// Generous, so that a busy machine does not turn a quick program into a timeout.
const runner = createNodeRunner(5000);
const impatient = createNodeRunner(300);
afterAll(() => Promise.all([runner.dispose(), impatient.dispose()]));

const program = (source: string) => ({ name: "f", parameters: ["list"], source });
const run = (source: string, inputs: readonly (readonly unknown[])[] = [[[]]], by = runner) =>
  by.run(program(source), inputs);
const value = (v: unknown): Outcome => ({ type: "value", value: v }) as Outcome;

test("data comes through as it went in, and what JSON lacks is named", async () => {
  const values = [null, true, 0, -7, 1.5, 1e300, 5e-324, "", 'ü\u2028\n"\\', "\ud800", [], [[1], [null, "x"]]];
  const outcomes = await run("function f(x) { return x; }", values.map((v) => [v])); // prettier-ignore
  expect(outcomes).toEqual(values.map(value));
  const [named] = await run("function f() { return [undefined, NaN, 1 / 0, -1 / 0, 12n, -0, { b: 1, a: {} }, [,1]]; }");
  expect(named).toEqual(
    value([
      { type: "undefined" },
      { type: "NaN" },
      { type: "Infinity" },
      { type: "-Infinity" },
      { type: "bigint", digits: "12" },
      0,
      { type: "object", entries: [["b", 1], ["a", { type: "object", entries: [] }]] },
      [{ type: "undefined" }, 1],
    ]),
  ); // prettier-ignore
});

test("agrees with calling the function here", async () => {
  const inputs = [[3, 1, 2], [], [-1, 10, 9], [5, 5]].map((list) => [list]);
  const functions = [
    (list: number[]) => list.sort(),
    (list: number[]) => [...list].sort((a, b) => b - a),
    (list: number[]) => list.reduce((a, b) => a + b, 0),
    (list: number[]) => list.at(-1) ?? null,
    (list: number[]) => list.join("-"),
  ];
  for (const here of functions) {
    const expected = inputs.map(([list]) => value(here([...list!])));
    expect(await run(`const f = ${here.toString()};`, inputs)).toEqual(expected);
  }
});

test("each input is a copy: what a program does to one is not seen in another, nor by us", async () => {
  const inputs = [[[1, 2]], [[1, 2]]] as const;
  const outcomes = await run("function f(list) { list.push(9); return list; }", inputs);
  expect(outcomes).toEqual([value([1, 2, 9]), value([1, 2, 9])]);
  expect(inputs[0][0]).toEqual([1, 2]);
});

test("throwing is an outcome of its input; not parsing and not loading, of all", async () => {
  const some = await run("function f(list) { return list[0].length; }", [[["ab"]], [[]]]);
  expect(some).toEqual([value(2), { type: "threw", error: expect.stringContaining("TypeError") as string }]);
  for (const source of ["function f(list) { return list.; }", "throw new Error('no');\nfunction f() {}"]) {
    expect((await run(source, [[1], [2]])).map((o) => o.type)).toEqual(["threw", "threw"]);
  }
});

describe("a program that will not end", () => {
  test("is killed within its time; what it did before counts; the next one runs", async () => {
    const start = performance.now();
    const loops = "function f(list) { if (list.length > 0) return 1; for (;;) {} }";
    expect(await run(loops, [[[1]], [[]], [[1]]], impatient)).toEqual([
      value(1),
      { type: "failed", why: "timeout" },
      { type: "failed", why: "timeout" },
    ]);
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await run("function f() { return 2; }", [[[]]], impatient)).toEqual([value(2)]);
  });

  test.each([
    ["while it loads", "for (;;) {}\nfunction f() {}"],
    ["while its result is read", "function f() { return new Proxy([], { get() { for (;;) {} } }); }"],
    ["while its error is read", "function f() { throw { toString() { for (;;) {} } }; }"],
  ])("%s", async (_, source) => {
    expect(await run(source, [[[]]], impatient)).toEqual([{ type: "failed", why: "timeout" }]);
  });

  test("by promises alone does not hold up the next one", async () => {
    const source = "function f() { const again = () => Promise.resolve().then(again); again(); return 1; }";
    expect(await run(source, [[[]]], impatient)).toEqual([value(1)]);
    expect(await run("function f() { return 2; }", [[[]]], impatient)).toEqual([value(2)]);
  });
});

test("memory and output are limited, and the runner goes on", async () => {
  const hungry = await run("function f() { const all = []; for (;;) all.push([1, 2, 3, 4, 5, 6, 7, 8]); }");
  expect(hungry).toEqual([{ type: "failed", why: "crashed" }]);
  for (const large of [
    "'x'.repeat(1e6)",
    "new Array(1e8)",
    "Array.from({ length: 2e4 }, () => 1)",
    "(() => { const a = []; a[0] = a; return a; })()",
  ]) {
    expect(await run(`function f() { return ${large}; }`)).toEqual([{ type: "failed", why: "too large" }]);
  }
  const [long] = await run("function f() { throw new Error('x'.repeat(1e6)); }");
  expect(JSON.stringify(long).length).toBeLessThan(300);
  expect(await run("function f() { return 1; }")).toEqual([value(1)]);
}, 20_000);

test("what cannot be compared is said to be so", async () => {
  for (const strange of ["() => 1", "Symbol()", "new Set()", "Promise.resolve(1)", "[new Map()]"]) {
    expect(await run(`function f() { return ${strange}; }`)).toEqual([{ type: "failed", why: "not plain data" }]);
  }
});

test("a program sees nothing of Node and nothing of programs before it", async () => {
  await run(
    "globalThis.left = 1; Array.prototype.map = () => 7; Object.prototype.left = 1; Math.max = () => 7;\nfunction f() { return 1; }",
  );
  const [clean] = await run("function f(list) { return [typeof left, {}.left, list.map((x) => x), Math.max(1, 2)]; }", [
    [[1]],
  ]);
  expect(clean).toEqual(value(["undefined", { type: "undefined" }, [1], 2]));
  const names =
    "process require module Buffer fetch setTimeout queueMicrotask performance WebAssembly SharedArrayBuffer Date eval Function";
  const [seen] = await run(
    `function f() { return [${names
      .split(" ")
      .map((n) => `typeof ${n}`)
      .join()}]; }`,
  );
  expect(seen).toEqual(value(names.split(" ").map(() => "undefined")));
  expect(await run("function f() { return import('node:fs'); }")).toEqual([{ type: "failed", why: "refused" }]);
});

test("programs given at once run one after the other, each with its own outcomes", async () => {
  const all = await Promise.all([1, 2, 3].map((k) => run(`function f(list) { return list.length + ${k}; }`, [[[0]]])));
  expect(all).toEqual([2, 3, 4].map((v) => [value(v)]));
});

test("a stop that was asked for is thrown", async () => {
  const controller = new AbortController();
  controller.abort(new Error("asked for"));
  await expect(runner.run(program("function f() {}"), [[]], controller.signal)).rejects.toThrow("asked for");
});
