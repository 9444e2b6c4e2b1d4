/** @file Code cut for the screen: nothing is lost, and plan and work are told apart. */
import { describe, expect, test } from "vitest";
import { isBareCode, linesOf } from "../../src/ui/code-parts.ts";
import { LISTS_ANSWERS } from "./fixture-lists.ts";

const joined = (code: string) =>
  linesOf(code)
    .map(({ parts }) => parts.map((part) => part.text).join(""))
    .join("\n");
const kindsOf = (code: string, kind: string) =>
  linesOf(code)
    .flatMap(({ parts }) => parts)
    .filter((part) => part.kind === kind)
    .map((part) => part.text);

test.each([
  ...LISTS_ANSWERS,
  "",
  "\n\n",
  "a\n\n  b // c",
  "/* never closed\n  at all",
  '"never closed\nconst x = `a\nb',
  "// it's fine\nreturn 'a // b';",
])("the lines of %j together are the code", (code) => {
  expect(joined(code)).toBe(code);
});

describe("linesOf", () => {
  test("finds comments, not what looks like one in a text", () => {
    expect(kindsOf("x = 'a // b'; // c 'd'\ny = 1;", "comment")).toEqual(["// c 'd'"]);
    expect(kindsOf("/* a\nb */ c", "comment")).toEqual(["/* a", "b */"]);
  });

  test("finds keywords as words of their own", () => {
    expect(kindsOf("return returned.return + list.of(newest)", "keyword")).toEqual(["return"]);
    expect(kindsOf("const f = (x) => x === null;", "keyword")).toEqual(["const", "null"]);
  });

  test("counts the white space that a wrapped line hangs behind", () => {
    expect(linesOf("a\n  b\n\n    c").map((line) => line.indent)).toEqual([0, 2, 0, 4]);
  });
});

test.each([
  ["function f(list) {}", true],
  ["  async function f() {}", true],
  ["const f = (x) => x;", true],
  ["// keep it\nfunction f() {}", true],
  ["The function f sorts.", false],
  ["function f() {}\n```", false],
  ["constant advice", false],
])("bare code or not: %j", (text, bare) => {
  expect(isBareCode(text)).toBe(bare);
});
