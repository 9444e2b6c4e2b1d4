/** @file The runner of programs in Chromium, asked from a worker as the lab asks it. What it shares with Node is tested in tests/sandbox, what it keeps out in hostile.test.ts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSandboxPage, type SandboxPage } from "../../scripts/sandbox-page.ts";

const LIMIT_MS = 1000;
let sandbox: SandboxPage;

beforeAll(async () => {
  sandbox = await openSandboxPage();
});
afterAll(() => sandbox.close());

function run(source: string, inputs: readonly (readonly unknown[])[] = [[[]]]) {
  return sandbox.runner.run({ name: "f", parameters: ["list"], source }, inputs);
}

/** Marks the frame that is there, and says whether it was marked before. */
function sameFrame(): Promise<boolean> {
  return sandbox.page.evaluate(() => {
    const [frame, ...others] = document.querySelectorAll("iframe");
    if (frame === undefined || others.length > 0) throw new Error(`${others.length} frames too many`);
    const before = frame.dataset["marked"] === "yes";
    frame.dataset["marked"] = "yes";
    return before;
  });
}

test("gives an outcome for each input", async () => {
  expect(await run("function f(list) { return list[0].length; }", [[["ab"]], [[]]])).toEqual([
    { type: "value", value: 2 },
    { type: "threw", error: expect.stringContaining("TypeError") as string },
  ]);
  const unread = await run("function f(list) { return list.; }", [[1], [2]]);
  expect(unread.map((o) => o.type)).toEqual(["threw", "threw"]);
  expect(await run("function f() { return 1; }", [])).toEqual([]);
});

test("kills a program that will not end, within its time, and keeps what it did before", async () => {
  const start = performance.now();
  expect(await run("function f(list) { if (list.length > 0) return 1; for (;;) {} }", [[[1]], [[]]])).toEqual([
    { type: "value", value: 1 },
    { type: "failed", why: "timeout" },
  ]);
  expect(performance.now() - start).toBeLessThan(LIMIT_MS + 5000);
});

test("programs share a frame until one had to be killed; one that does not parse did no harm", async () => {
  const good = () => run("function f() { return 1; }");
  await good();
  await sameFrame();
  await good();
  await run("function f( {");
  await run("function f() { throw 1; }");
  expect(await sameFrame()).toBe(true);
  await run("function f() { for (;;) {} }");
  await good();
  expect(await sameFrame()).toBe(false);
});

test("programs given at once run one after the other, each with its own outcomes", async () => {
  const all = await Promise.all([1, 2, 3].map((k) => run(`function f(list) { return list.length + ${k}; }`, [[[0]]])));
  expect(all).toEqual([2, 3, 4].map((value) => [{ type: "value", value }]));
});

test("only the language is left to a program", async () => {
  const all = `function f() {
    const found = [];
    for (let o = globalThis; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
      for (const key of Reflect.ownKeys(o)) if (typeof key === "string" && /function|object/.test(typeof o[key])) found.push(key);
    }
    return found.sort();
  }`;
  const kept = "AggregateError Array BigInt Boolean Error EvalError Iterator JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError WeakMap WeakSet console decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis isFinite isNaN parseFloat parseInt"; // prettier-ignore
  expect(await run(all)).toEqual([{ type: "value", value: kept.split(" ") }]);
  expect(await run("function f() { return [typeof Math.random, typeof (() => 0).constructor]; }")).toEqual([
    { type: "value", value: ["undefined", "undefined"] },
  ]);
});

test("a program sees nothing of those before it", async () => {
  await run("globalThis.left = 1; Array.prototype.map = () => 7;\nfunction f() { return 1; }");
  const outcomes = await run("function f(list) { return [typeof left, list.map((x) => x)]; }", [[[1]]]);
  expect(outcomes).toEqual([{ type: "value", value: ["undefined", [1]] }]);
});

test("works without a network, with a new frame too", async () => {
  await sandbox.page.context().setOffline(true);
  await run("function f() { for (;;) {} }");
  expect(await run("function f() { return 1; }")).toEqual([{ type: "value", value: 1 }]);
  expect(await sameFrame()).toBe(false);
  await sandbox.page.context().setOffline(false);
});
