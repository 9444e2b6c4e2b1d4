import { expect, test } from "vitest";
import { runPrinter } from "../../scripts/print-run.ts";
import { runCat } from "../../src/cat/pipeline.ts";
import { inGroup, recordRun } from "../../src/run/record.ts";
import { scripted } from "../scripted.ts";

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
