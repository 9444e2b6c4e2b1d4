/** @file The held-out problems: one a line, numbered in order. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProblems } from "../../src/ui/state/held-out.ts";

test.each(["sums", "lists", "advice"])(
  "the shipped problems of %s all read, in order and with different ids",
  (domain) => {
    const problems = parseProblems(readFileSync(`models/items/${domain}/tasks.jsonl`, "utf8"));
    expect(problems.length).toBeGreaterThan(100);
    expect(problems.map((p) => p.index)).toEqual(problems.map((_, i) => i));
    expect(new Set(problems.map((p) => p.id)).size).toBe(problems.length);
    expect(problems.every((p) => p.prompt.length > 0)).toBe(true);
  },
);
