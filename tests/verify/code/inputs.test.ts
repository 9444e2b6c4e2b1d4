import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeInputs } from "../../../src/verify/code/inputs.ts";
import { parameterKind } from "../../../src/verify/code/parameter-kind.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../src/verify/code/inputs.json", import.meta.url), "utf8"),
) as { cases: { list: number[]; n: number }[] };

const lists = (seed: number) => makeInputs(["list"], seed).map(([list]) => list as readonly number[]);

test("the same for the same seed, others for another", () => {
  expect(makeInputs(["list", "n"], 7)).toEqual(makeInputs(["list", "n"], 7));
  expect(lists(7)).not.toEqual(lists(8));
});

test("the fixed cases come first, list and number paired: the recipe admits problems by them", () => {
  for (const seed of [0, 1, 2 ** 32 - 1]) {
    expect(makeInputs(["list", "n"], seed).slice(0, cases.length)).toEqual(cases.map(({ list, n }) => [list, n]));
    expect(makeInputs(["list"], seed).slice(0, cases.length)).toEqual(cases.map(({ list }) => [list]));
    expect(makeInputs(["list"], seed).length).toBeGreaterThan(cases.length);
  }
});

test("whatever the seed: empty, single, sorted, unsorted, negative, zero, doubled, and numbers that text would sort otherwise", () => {
  for (let seed = 0; seed < 20; seed++) {
    const all = lists(seed);
    expect(all.flat().every(Number.isInteger)).toBe(true);
    const sorted = (list: readonly number[]) => list.every((x, i) => i === 0 || list[i - 1]! <= x);
    const byText = (list: readonly number[]) => list.map(String).toSorted().map(Number);
    const some = (test: (list: readonly number[]) => boolean) => {
      expect(all.some(test)).toBe(true);
    };
    some((list) => list.length === 0);
    some((list) => list.length === 1);
    some((list) => list.length > 2 && sorted(list));
    some((list) => list.length > 2 && !sorted(list));
    some((list) => list.some((x) => x < 0) && list.includes(0));
    some((list) => new Set(list).size < list.length);
    some((list) => byText(list).join() !== list.toSorted((a, b) => a - b).join());
  }
});

test("random cases are of many kinds over the seeds", () => {
  const random = Array.from({ length: 50 }, (_, seed) => lists(seed).slice(cases.length)).flat();
  const share = (test: (list: readonly number[]) => boolean) => random.filter(test).length / random.length;
  expect(share((list) => list.length === 0)).toBeGreaterThan(0.02);
  expect(share((list) => list.some((x) => Math.abs(x) > 99))).toBeGreaterThan(0.2);
  expect(share((list) => list.some((x) => x < 0))).toBeGreaterThan(0.6);
  expect(share((list) => new Set(list).size < list.length)).toBeGreaterThan(0.2);
});

test("what a parameter takes is read from its place and name", () => {
  const kinds = (...parameters: string[]) => parameters.map(parameterKind);
  expect(kinds("list", "n")).toEqual(["list", "number"]);
  expect(kinds("n")).toEqual(["number"]);
  expect(kinds("whatever", "other")).toEqual(["list", "number"]);
  expect(kinds("a", "b", "k")).toEqual(["list", "list", "number"]);
  expect(kinds("inputStr", "reverse")).toEqual(["text", "flag"]);
  expect(kinds("word_list", "s2")).toEqual(["words", "text"]);
  expect(kinds("matrix", "isSorted", "$")).toEqual(["matrix", "flag", "number"]);
  expect(makeInputs([], 1)[0]).toEqual([]);
  const [a, b] = makeInputs(["a", "b"], 1)[6]!;
  expect(a).not.toEqual(b);
});

test("every kind gets what its name says, in every case, with the empty one among them", () => {
  const is = {
    number: (a: unknown) => Number.isInteger(a),
    list: (a: unknown) => Array.isArray(a) && a.every(Number.isInteger),
    text: (a: unknown) => typeof a === "string",
    words: (a: unknown) => Array.isArray(a) && a.every((word) => typeof word === "string"),
    matrix: (a: unknown) => Array.isArray(a) && a.every((row) => is.list(row) && (row as unknown[]).length === (a[0] as unknown[]).length), // prettier-ignore
    flag: (a: unknown) => typeof a === "boolean",
  };
  const names = { number: "n", list: "list", text: "text", words: "words", matrix: "grid", flag: "flag" } as const;
  const empty = { list: [], text: "", words: [], matrix: [] };
  for (const [kind, name] of Object.entries(names)) {
    const all = makeInputs(["list", name], 3).map(([, a]) => a);
    for (const a of all) expect(is[kind as keyof typeof is](a), JSON.stringify(a)).toBe(true);
    expect(new Set(all.map((a) => JSON.stringify(a))).size).toBeGreaterThan(kind === "flag" ? 1 : 5);
    if (kind in empty) expect(all).toContainEqual(empty[kind as keyof typeof empty]);
  }
});

test("there is a text that reads the same from both ends and one that does not, of every seed", () => {
  for (let seed = 0; seed < 20; seed++) {
    const texts = makeInputs(["s"], seed).map(([s]) => s as string).filter((s) => s.length > 2); // prettier-ignore
    const same = texts.filter((s) => s === Array.from(s).toReversed().join(""));
    expect(same.length).toBeGreaterThan(0);
    expect(same.length).toBeLessThan(texts.length);
  }
});
