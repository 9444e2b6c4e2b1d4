/** @file Our own pairs with their reasons (tests/fixtures/equivalence). `held-out.jsonl` was split off by hash before anything was tuned, and was looked at once. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { equivalentAnswers } from "../../../src/verify/math/verdict.ts";

interface Pair {
  readonly a: string;
  readonly b: string;
  readonly equal: boolean | null;
  readonly why: string;
  readonly acceptAlternative?: boolean;
}

function pairs(file: string): Pair[] {
  const path = resolve(import.meta.dirname, "../../fixtures/equivalence", file);
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Pair);
}

const files = ["pairs.jsonl", "held-out.jsonl"].map((file) => [file, pairs(file)] as const);

test.each(files)("%s: at least 97 in 100 as we say, and no false equal", async (_, all) => {
  const wrong: string[] = [];
  for (const { a, b, equal, why, acceptAlternative = false } of all) {
    const verdict = await equivalentAnswers(a, b, { acceptAlternative });
    if (verdict.equal === true) expect([a, b, equal]).toEqual([a, b, true]);
    if (verdict.equal !== equal) wrong.push(`${a} | ${b}: ${String(verdict.equal)}, ${verdict.rule} (${why})`);
  }
  expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(0.03 * all.length);
});

test("the files: enough of each kind, none twice, each with a reason, split by hash", () => {
  const all = files.flatMap(([, list]) => list);
  expect(all.length).toBeGreaterThanOrEqual(400);
  expect(new Set(all.map(({ a, b, acceptAlternative }) => JSON.stringify([a, b, acceptAlternative]))).size).toBe(
    all.length,
  );
  expect(all.filter(({ why }) => why.length < 4)).toEqual([]);
  for (const [file, list] of files) {
    expect(list.filter(({ equal }) => equal === false).length).toBeGreaterThan(0.3 * list.length);
    const isHeldOut = ({ a, b }: Pair) => createHash("sha256").update(`${a}\n${b}`).digest()[0]! % 4 === 0;
    expect(list.every((pair) => isHeldOut(pair) === (file === "held-out.jsonl"))).toBe(true);
  }
});
