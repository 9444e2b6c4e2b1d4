/** @file Markdown: what was written by models stays in its fence and its cell. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Marked } from "marked";
import { expect, test } from "vitest";
import { apply, emptyRun } from "../../../src/run/run.ts";
import { HONESTY } from "../../../src/ui/honesty.ts";
import { fenced, inline, markdownOf } from "../../../src/ui/take-away/markdown.ts";
import { adviceRun } from "../fixture-advice.ts";
import { fixtureRun } from "../fixture.ts";
import { listsRun } from "../fixture-lists.ts";

const runs = [fixtureRun(), await listsRun(), await adviceRun()].map((log) => log.reduce(apply, emptyRun));
const marked = new Marked();

test("the whole run: question, every answer, the reference, and what the numbers are worth", () => {
  for (const run of runs) {
    const text = markdownOf(run);
    const [group] = run.groups;
    for (const part of [group!.task.prompt, group!.references.synthesis!.text, ...group!.rollouts.map((r) => r.text)]) {
      expect(text).toContain(part);
    }
    expect(text).toContain(HONESTY);
    expect(text).toContain("It is not truth");
    for (const { text: criterion } of group!.criteria) expect(text).toContain(inline(criterion));
  }
  expect(markdownOf(emptyRun)).toBe("");
});

test("the honesty sentence is the page's own, and stands where an embedded model had a part", () => {
  const page = readFileSync("src/ui/panels/FootNote.svelte", "utf8").replaceAll(/\s+/g, " ");
  expect(page).toContain(HONESTY);
  const [run] = runs;
  const other = { ...run!.header!.models.policy, id: "qwen3-0.6b" };
  const header = { ...run!.header!, models: { policy: other, anchor: other, judge: null } };
  expect(markdownOf({ ...run!, header })).not.toContain(HONESTY);
});

test("a fence holds any text, as a reader of Markdown sees it", () => {
  const text = fc.string({ unit: fc.constantFrom("`", "\n", "~", "a", " ", "#", "<b>"), maxLength: 30 });
  fc.assert(
    fc.property(text, (written) => {
      const tokens = marked.lexer(fenced(written)).filter(({ type }) => type !== "space");
      expect(tokens.map(({ type }) => type)).toEqual(["code"]);
    }),
  );
});

test("no attack leaves its fence or its cell", () => {
  const payloads = readFileSync("tests/fixtures/attacks/xss.jsonl", "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { payload: string }).payload);
  const [run] = runs;
  const group = run!.groups[0]!;
  for (const payload of payloads) {
    const attacked = {
      ...group,
      task: { ...group.task, prompt: payload },
      rollouts: group.rollouts.map((r) => ({
        ...r,
        text: payload,
        equivalence: { ...r.equivalence!, extracted: payload },
      })),
      criteria: [{ id: 0, text: payload }],
    };
    const types: string[] = [];
    void marked.walkTokens(marked.lexer(markdownOf({ ...run!, groups: [attacked] })), ({ type, raw }) => {
      // Three blocks and a line of ours link nowhere; what a reader makes of a bare address is harmless.
      if (["html", "image", "link", "def"].includes(type) && !/^(https?:\/\/|www\.)/.test(raw))
        types.push(`${type}: ${raw}`);
    });
    expect(types).toEqual([]);
  }
});
