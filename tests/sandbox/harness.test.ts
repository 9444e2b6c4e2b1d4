/** @file The text that runs programs, in a context that looks like a browser's worker. */
import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import type { Outcome } from "../../src/verify/code/outcome.ts";
import { BEGINS, harness, isRefused, newSeal } from "../../src/sandbox/harness.ts";

const SEAL = newSeal();
const program = (source: string) => ({ name: "f", parameters: ["list"], source });

/** What a worker would post, given a program and globals that the harness must take away. */
function posted(source: string, inputs: readonly (readonly unknown[])[], globals: Record<string, unknown> = {}) {
  const messages: unknown[][] = [];
  // Copied by place, as a worker's messages are: nothing that the program did to its own arrays comes along.
  const postMessage = (m: readonly unknown[]) => messages.push([m[0], m[1], m[2], m.length]);
  runInContext(harness(program(source), inputs, SEAL), createContext({ postMessage, ...globals }));
  expect(messages.shift()).toEqual([SEAL, BEGINS, "", 3]);
  return messages.map(([seal, i, outcome, length]): [number, Outcome] => {
    expect([seal, length]).toEqual([SEAL, 3]);
    return [i as number, JSON.parse(outcome as string) as Outcome];
  });
}

test("says that it begins, then an outcome for each input", () => {
  expect(posted("function f(list) { return list.length; }", [[[1, 2]], [[]]])).toEqual([
    [0, { type: "value", value: 2 }],
    [1, { type: "value", value: 0 }],
  ]);
});

test("takes the network, storage and the way out away before the program runs", () => {
  const names = ["fetch", "XMLHttpRequest", "WebSocket", "importScripts", "indexedDB", "caches", "navigator", "Worker", "BroadcastChannel", "self", "close", "anything"]; // prettier-ignore
  const present = Object.fromEntries(names.map((name) => [name, () => "reached"]));
  const seen = `[${[...names, "postMessage", "eval", "Function", "Date", "Math.random"].map((n) => `typeof ${n}`).join()}]`;
  // At the top level and when called: neither finds any.
  const source = `const early = ${seen};\nfunction f() { return [...early, ...${seen}]; }`;
  const [, outcome] = posted(source, [[]], present)[0]!;
  const found = outcome.type === "value" ? (outcome.value as string[]) : [];
  expect(found).toEqual(found.map(() => "undefined"));
  expect(found).toHaveLength(2 * (names.length + 5));
});

test("a program that changes the language does not change how it is read, nor what the harness says", () => {
  const tampering = `
    Array.isArray = () => false; JSON.stringify = () => "1"; JSON.parse = () => 1; String.prototype.slice = null;
    Object.prototype.toJSON = () => 1; Array.prototype.map = () => 1; Reflect.apply = () => 1; Object.keys = () => [];
    Array.prototype[Symbol.iterator] = null;
    function f(list) { return { list }; }`;
  expect(posted(tampering, [[[1]], [[2]]]).map(([, outcome]) => outcome)).toEqual([
    { type: "value", value: { type: "object", entries: [["list", [1]]] } },
    { type: "value", value: { type: "object", entries: [["list", [2]]] } },
  ]);
});

test("code cannot be made from text", () => {
  for (const made of ["(() => {})", "(async () => {})", "(function* () {})", "(async function* () {})"]) {
    const [, outcome] = posted(`function f() { return ${made}.constructor("return 1")(); }`, [[]])[0]!;
    expect(outcome.type).toBe("threw");
  }
});

test("no text leads out of what a program stands in: it would have to know the seal", () => {
  const wrapped = harness(program("MARK"), [], SEAL).slice(-200);
  const [before, after] = wrapped.slice(wrapped.indexOf("begin(")).split("MARK") as [string, string];
  const own = "function f() { return 'mine'; }";
  const unread = expect.objectContaining({ name: "SyntaxError" }) as Error;
  // Each closes what it stands in and opens the like again, down to the last bracket; without the seal the text behind it is no script.
  const opened = before.replaceAll(SEAL, "guess");
  for (const source of [
    `${own}${after.replaceAll(SEAL, "guess")}${opened}${own}`,
    `${own}\n;return f; } }.load());\n${opened}${own}`,
    `${own} } }.load()); /*`,
    `${own} } }.load()); \``,
    `${own} } }.load()); "`,
  ]) {
    expect(() => posted(source, [[]])).toThrow(unread);
  }
  // With it, it would be: what keeps the text in is the seal alone.
  expect(() => posted(`${own}${after}${before}${own}`, [[]])).not.toThrow();
  expect(newSeal()).not.toBe(newSeal());
});

test("a program that says import is refused before it is anywhere", () => {
  expect(isRefused(program('function f() { return import("https://example.org/x.js"); }'))).toBe(true);
  expect(isRefused(program('import "x";\nfunction f() {}'))).toBe(true);
  expect(isRefused(program("function f(important) { return important; }"))).toBe(false);
});
