import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { blank } from "../../../src/verify/code/blank.ts";
import { extractFunction } from "../../../src/verify/code/extract.ts";
import { declaredFunctions, isBalanced } from "../../../src/verify/code/signature.ts";

const root = new URL("../../../", import.meta.url);
const labels = readFileSync(new URL("models/items/lists/labels.jsonl", root), "utf8").trim().split("\n");
const functions = labels.map((line) => (JSON.parse(line) as { answer: string }).answer);

/** Real code that we did not write: 9,000 lines with templates, regular expressions and comments. */
const library = readFileSync(new URL("node_modules/valibot/dist/index.mjs", root), "utf8");

describe("on code that we did not write", () => {
  test("finds every function at the top level, and each that it cuts out parses alone", () => {
    const found = declaredFunctions(library);
    expect(found.length).toBeGreaterThan(250);
    expect(found.map((f) => f.name)).toEqual(
      [...library.matchAll(/^(?:async )?function\s*\*?\s*([\w$]+)/gm)].map((match) => match[1]!),
    );
    for (const { start, end, name } of found) {
      expect(() => new Script(`(${library.slice(start, end)})`), name).not.toThrow();
    }
  });

  test("a function that is cut off anywhere is no function", () => {
    for (const { start, end } of declaredFunctions(library).filter((_, i) => i % 20 === 0)) {
      const whole = library.slice(start, end);
      for (let n = 0; n < whole.length; n += 1 + Math.floor(whole.length / 40)) {
        expect(extractFunction(whole.slice(0, n))).toBeNull();
      }
    }
  });

  test("blanking keeps length and lines, and blanking twice changes nothing", () => {
    const blanked = blank(library);
    expect(blanked).toHaveLength(library.length);
    expect(blanked.split("\n").map((line) => line.length)).toEqual(library.split("\n").map((line) => line.length));
    expect(blank(blanked)).toBe(blanked);
  });
});

test("the functions of the held-out items are found alone, in prose, and fenced", () => {
  for (const source of functions) {
    const alone = extractFunction(source)!;
    expect(alone.source).toBe(source);
    expect(alone.name).toBe("f");
    expect(`function f(${alone.parameters.join(", ")}) {`).toBe(source.split("\n")[0]);
    expect(extractFunction(`Here's what I'd do:\n\n${source}\n\nThat's it.`)).toEqual(alone);
    expect(extractFunction(`It's:\n\`\`\`js\n${source}\n\`\`\`\nDone`)).toEqual(alone);
  }
});

test.each([
  ["the last one", "function f(a) { return 1; }\nfunction g(b) { return 2; }", "g"],
  ["the last block that has one", "```js\nfunction f(a) {}\n```\n```js\nf([1]) // 1\n```", "f"],
  ["a block before prose", "```js\nfunction f(a) {}\n```\nfunction g(a) {}", "f"],
  ["an arrow", "```js\nconst f = (list, n = 2) => list.slice(n);\n```", "f"],
  ["an arrow with one bare parameter", "```js\nconst f = list => list.length\n```", "f"],
  ["a function in a variable", "```ts\nexport const f = function (list) { return list; };\n```", "f"],
  ["the outer one", "```js\nfunction f(list) {\n  function g(x) { return x; }\n  return list.map(g);\n}\n```", "f"],
  ["one whose strings have braces", 'function f(a) { return "}" + `}${"}"}` + /[}/]}/.source; } // }', "f"],
  ["the complete one before a cut one", "function f(a) { return 1; }\nfunction g(a) { return (", "f"],
  ["the one after a broken one", "function f(a) { return (; }\nfunction g(a) { return 1; }", "g"],
])("takes %s", (_, text, name) => {
  expect(extractFunction(text)?.name).toBe(name);
});

test.each([
  ["", "nothing"],
  ["function f(list) that keeps the even numbers", "prose that begins like one"],
  ["```js\nfunction f(list) {", "a block that never ends"],
  ["def f(xs):\n    return xs", "another language"],
  ["\\boxed{4}", "a number"],
])("no function in %j: %s", (text) => {
  expect(extractFunction(text)).toBeNull();
});

test("a block that could end what it is put into is not taken: its function alone is", () => {
  const text = "```js\nconst k = 2;\nfunction f(list) { return list; } }\n```";
  expect(extractFunction(text)?.source).toBe("function f(list) { return list; }");
});

test("a block comes whole, with its helpers, without export", () => {
  const block = "const k = 2;\nexport default function f(list) {\n  return list.map((x) => k * x);\n}";
  expect(extractFunction(`\`\`\`js\n${block}\n\`\`\``)?.source).toBe(block.replace("export default ", ""));
});

test.each([
  ["function f(list, n) {}", ["list", "n"]],
  ["function f() {}", []],
  ["function f(a = [1, (2)], ...rest) {}", ["a", "rest"]],
  ["function f({ a, b }, [c], d = { e: 1 }) {}", ["", "", "d"]],
  ["async function f(/* (a, b) */ list) {}", ["list"]],
])("parameters of %s", (code, parameters) => {
  expect(declaredFunctions(code)[0]?.parameters).toEqual(parameters);
});

test("balance is by kind, and brackets in texts do not count", () => {
  expect(isBalanced("f([{}]) + '(' // {")).toBe(true);
  for (const code of ["(]", "{", "})({", "`${`", "`${", "/* ", "`"]) expect(isBalanced(code)).toBe(false);
});
