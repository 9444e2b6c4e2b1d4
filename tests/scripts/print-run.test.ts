import { expect, test } from "vitest";
import { runPrinter } from "../../scripts/print-run.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { runCat } from "../../src/cat/pipeline.ts";
import { inGroup, recordRun } from "../../src/run/record.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { runToEnd } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

function printed(log: readonly LoggedEvent[]): string[] {
  const lines: string[] = [];
  log.forEach(runPrinter((line) => lines.push(line)));
  return lines;
}

test("a run reads from the question to the rewards", async () => {
  const answers = ["\\boxed{4}", "\\boxed{5}", "I do not know", "\\boxed{4}"];
  const model = scripted({ answer: (prompt, row) => (prompt.includes("2 + 2") ? answers[row]! : "So \\boxed{4}") });
  const task = { id: null, prompt: "What is 2 + 2?", kind: "math" } as const;
  const sampling = { temperature: 1, topK: null, topP: null };
  const options = { seed: 1, group: 0, groupSize: 4, sampling, maxTokens: 16, now: () => 0 };
  const header = {
    app: "test",
    startedAt: "2026-01-01T00:00:00Z",
    kind: "demo",
    seed: 1,
    groupSize: 4,
    domain: "sums",
    item: null,
    sampling: { ...sampling, maxTokens: 16 },
    models: { policy: model.record, anchor: model.record, judge: null },
    judgeIndependent: false,
    adapter: { vendor: "google", architecture: "swiftshader", description: "", isFallback: true },
  } as const;
  const lines: string[] = [];
  const print = runPrinter((line) => lines.push(line));
  const roles = { policy: model, anchor: model, judge: null, runner: null };
  for await (const event of recordRun(header, inGroup(0, runCat(task, roles, options)), () => 0)) print(event);

  const text = lines.join("\n");
  expect(text).toContain("(google swiftshader, software); seed 1");
  expect(text).toContain("What is 2 + 2?");
  expect(text).toContain("1 Explore: 4 rollouts");
  expect(text).toContain("reference: 4");
  const rows = lines.filter((line) => /^ +\d {2}\S.* (equal|different|undecided) /.test(line));
  expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
    ["1", "4", "equal", "1", "+0.87"],
    ["2", "5", "different", "0", "−0.87"],
    ["3", "no answer", expect.any(String) as string, "0", "−0.87"],
    ["4", "4", "equal", "1", "+0.87"],
  ]);
  expect(lines.at(-1)).toBe("Done in 0.0 s.");
});

test("programs show their tests, the first input on which they differ, and what they did there", async () => {
  const code = (body: string) => `function f(list) {\n  // smallest first\n  ${body}\n  return list;\n}`;
  const right = code("list = list.toSorted((a, b) => a - b);");
  const answers = [right, code("list = list.toSorted();"), "no code", code("list = nothing(list);")];
  const policy = scripted({ answer: (prompt, row) => (prompt.includes("Below") ? right : answers[row]!) });
  const runner = createNodeRunner();
  const log = await runToEnd({ policy, runner }, { task: { id: null, prompt: "Sort.", kind: "code" } });
  await runner.dispose();
  const lines = printed(log);

  expect(lines.find((line) => /^ +1 {2}f/.test(line))).toMatch(
    /function f\(list\) \{ list = .*; return list; \} {2}\[/,
  );
  // The reference keeps its lines.
  expect(lines).toContain("        // smallest first");
  const tests = log.flatMap((e) => (e.type === "tests" ? [e.results] : []));
  const row = (k: number) => lines[lines.findIndex((line) => line.startsWith("   #  tests")) + k]!;
  const marks = (k: number) => tests[k]!.map(({ same }) => (same ? "■" : "□")).join("");
  const count = (k: number) => `${tests[k]!.filter(({ same }) => same).length}/${tests[k]!.length}`;
  expect(row(1).trim().split(/ {2,}/)).toEqual(["1", marks(0), count(0), "1"]);
  expect(row(2).trim().split(/ {2,}/)).toEqual(["2", marks(1), count(1), "0"]);
  expect(row(3)).toMatch(/^ {6}f\(\[.*\]\) gives \[.*\], the reference \[.*\]$/);
  expect(row(4).trim().split(/ {2,}/)).toEqual(["3", "no code", "–", "0"]);
  expect(row(6)).toMatch(/gives an error \(ReferenceError: nothing is not defined\), the reference/);
  expect(lines.filter((line) => line.includes("advantages"))).toEqual([
    "      advantages  1: +1.50  2: −0.50  3: −0.50  4: −0.50",
  ]);
});

test("open answers show the rubric, then a row of verdicts each as soon as it is judged", async () => {
  const criteria = ["Says rest.", "Says tea.", "Says sleep.", "Is kind.", "Is short."];
  const answers = ["rest tea", "tea", "nothing", "rest tea sleep"];
  const policy = scripted({
    answer: (prompt, row) =>
      prompt.includes("criteria")
        ? criteria.map((c) => `- ${c}`).join("\n")
        : prompt.includes("Below")
          ? "rest tea sleep"
          : answers[row]!,
  });
  const yes = (prompt: string) => {
    const [, answer = "", criterion = ""] = /<response>\n(.*)\n<\/response>\n<criterion>Says (\w+)/.exec(prompt) ?? [];
    return criterion === "" ? 0.5 : answer.includes(criterion) ? 0.9 : 0.1;
  };
  const judge = scripted({ yes });
  const log = await runToEnd({ policy, judge }, { task: { id: null, prompt: "Help.", kind: "open" } });
  const lines = printed(log);
  const head = lines.findIndex((line) => line.startsWith("   #  c1"));

  expect(lines.slice(head - 7, head)).toEqual([
    "3 Reward: a rubric, written by the anchor, from the reference alone",
    ...criteria.map((text, i) => `    c${i + 1}  ${text}`),
    "",
  ]);
  expect(lines.slice(head, head + 5)).toEqual([
    "   #  c1 c2 c3 c4 c5    met  reward",
    "   1   ■  ■  □  ?  ?    2/3    0.67",
    "   2   □  ■  □  ?  ?    1/3    0.33",
    "   3   □  □  □  ?  ?    0/3       0",
    "   4   ■  ■  ■  ?  ?    3/3       1",
  ]);
  // Row by row: what is printed after the second reward ends with the second row.
  const second = log.findIndex((e) => e.type === "reward" && e.rollout === 1);
  expect(printed(log.slice(0, second + 1)).at(-1)).toBe(lines[head + 2]);
});

test("what was done otherwise than asked is said in a line, where it happened", async () => {
  const log = await runToEnd({ policy: scripted({ answer: () => "\\boxed{4}" }) });
  const notice = {
    type: "notice",
    code: "fewer-rows",
    message: "Memory is enough for 3 rows.",
    seq: 2,
    atMs: 0,
  } as const;
  const lines = printed([...log.slice(0, 2), notice, ...log.slice(2)]);
  const place = lines.indexOf("Notice: Memory is enough for 3 rows.");
  expect(lines[place - 1]).toMatch(/^1 Explore/);
});
