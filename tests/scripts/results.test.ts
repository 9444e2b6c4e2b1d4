import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compare } from "../../scripts/results/devices.ts";
import { type Entry, type Table, writeResults } from "../../scripts/results/entry.ts";
import { markdownTable, median, percent } from "../../scripts/results/table.ts";
import { tables } from "../../scripts/results/tables.ts";
import { ROOT } from "../../scripts/site.ts";

const docs = join(ROOT, "docs");

test("docs/results.md is what docs/results/*.json say (npm run results)", () => {
  const entries = new Map<string, Entry>();
  for (const { name } of tables) {
    const path = join(docs, "results", `${name}.json`);
    if (existsSync(path)) entries.set(name, JSON.parse(readFileSync(path, "utf8")) as Entry);
  }
  expect(writeResults(tables, entries)).toBe(readFileSync(join(docs, "results.md"), "utf8"));
});

test("a table that was not measured says so, and one that could not be measured in part says why", () => {
  const table: Table<number> = {
    name: "speed",
    title: "Speed",
    command: "npm run results -- speed",
    inputs: [],
    measure: () => Promise.resolve({ data: 1, errors: [] }),
    write: (data) => `It is ${data}.`,
  };
  const list = [table as Table];
  expect(writeResults(list, new Map())).toContain("Not measured yet.");
  const entry = { name: "speed", command: "c", date: "2026-01-02", machine: "m", load: 1, inputs: "", data: 7 };
  const text = writeResults(list, new Map([["speed", { ...entry, errors: ["a run (it hung)"] }]]));
  expect(text).toContain("Measured on 2026-01-02: m; load 1 when it ended.");
  expect(text).toContain("It is 7.");
  expect(text).toContain("Not measured: a run (it hung)");
});

test("numbers are written with their doubt", () => {
  expect(percent(0.5, 0.0123)).toBe("50.0 ± 1.2 %");
  expect(percent(0.5)).toBe("50.0 %");
  expect(percent(null)).toBe("–");
  expect([median([3, 1, 2]), median([4, 1])]).toEqual([2, 2.5]);
  expect(markdownTable(["a", "b"], [["1", "2"]])).toBe("| a | b |\n| --- | ---: |\n| 1 | 2 |");
});

describe("two devices are compared rollout by rollout", () => {
  const drawn = (tokenIds: number[], logprobs: number[]) => ({
    tokenIds,
    logprobs,
    margins: tokenIds.map((id) => id / 10),
  });

  test("up to the first token that differs", () => {
    const a = [[drawn([1, 2, 3], [-1, -2, -3]), drawn([1, 2], [-1, -2])]];
    const b = [[drawn([1, 2, 3], [-1, -2.5, -3]), drawn([1, 5], [-1, -9])]];
    expect(compare("a", "b", a, b)).toEqual({
      of: "a",
      with: "b",
      rollouts: 2,
      identical: 1,
      marginsWhereDifferent: [0.2],
      logprobDifference: 0.5,
    });
  });

  test("a rollout that goes on longer differs", () => {
    expect(compare("a", "b", [[drawn([1, 2], [0, 0])]], [[drawn([1], [0])]]).identical).toBe(0);
  });

  test("a smaller group is compared with as many rollouts of the larger", () => {
    const two = [[drawn([1], [0])]];
    const four = [[drawn([1], [0]), drawn([2], [0])]];
    expect(compare("2", "4", two, four)).toMatchObject({ rollouts: 1, identical: 1 });
  });
});
