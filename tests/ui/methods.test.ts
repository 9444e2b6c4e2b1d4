/** @file Panel 4 as rows, and the words of an opened key, from whole runs of the three domains. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openKey } from "../../src/bench/open-key.ts";
import type { Domain } from "../../src/lab/protocol.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { keyAnswer, keySentences, labelOfMethod, labelOfRollout, labelText, rewardAgreement } from "../../src/ui/state/labels.ts"; // prettier-ignore
import { methodRows, wereAsked } from "../../src/ui/state/methods.ts";
import { fixtureRun } from "./fixture.ts";
import { heldOutRun } from "./fixture-held-out.ts";

const groupOf = (log: readonly LoggedEvent[]) => log.reduce(apply, emptyRun).groups[0]!;
const logs = { sums: await heldOutRun("sums"), lists: await heldOutRun("lists"), advice: await heldOutRun("advice") };
const rowsOf = (group: GroupState) => methodRows(group, group.task.kind, true);

/** As the worker does when the key is opened. */
async function opened(domain: Domain): Promise<GroupState> {
  const group = groupOf(logs[domain]);
  const runner = createNodeRunner();
  try {
    const read = (path: string) => readFile(`models/${path}`, "utf8");
    const labels = await openKey(group, { domain, seed: 1, read, runner });
    return { ...group, labels: labels.map((label) => ({ type: "label", group: 0, seq: 0, atMs: 0, ...label })) };
  } finally {
    await runner.dispose();
  }
}

describe("sums", () => {
  const group = groupOf(logs.sums);
  const by = Object.fromEntries(rowsOf(group).map((row) => [row.method, row]));
  const right = group.references.synthesis!.finished!.extracted!;

  test("say an answer, whose it is, and whether it is the synthesis's", () => {
    expect(by["majority"]).toMatchObject({ short: right, isAnswer: true, chosen: 1, agreement: "= same" });
    expect(by["selfBestOfN"]).toMatchObject({ chosen: 2, agreement: "≠ differs", phase: "answered" });
    expect(by["greedy"]).toMatchObject({ chosen: null, agreement: "≠ differs" });
    expect(by["single"]).toMatchObject({ agreement: "5/8 same", short: "each of the 8 above" });
    expect(by["synthesis"]).toMatchObject({ short: right, agreement: "the reference" });
  });

  test("one that could not choose says so, and what it cost", () => {
    expect(by["universalSelfConsistency"]).toMatchObject({ phase: "none", short: "", agreement: "no answer" });
    expect(by["universalSelfConsistency"]!.tokens).toBeGreaterThan(by["majority"]!.tokens!);
  });

  test("tokens are those generated to get it, answers included", () => {
    const all = group.rollouts.reduce((sum, { tokens }) => sum + tokens, 0);
    const spent = (method: keyof GroupState["references"]) => group.references[method]!.finished!.tokens;
    expect(by["majority"]!.tokens).toBe(all);
    expect(by["synthesis"]!.tokens).toBe(all + spent("synthesis"));
    expect(by["greedy"]!.tokens).toBe(spent("greedy"));
    expect(by["synthesisOfOne"]!.tokens).toBe(group.rollouts[0]!.tokens + spent("synthesisOfOne"));
    expect(by["single"]!.tokens).toBe(Math.round(all / 8));
  });

  test("every prefix has the same rows, which only fill", () => {
    const names = rowsOf(group).map(({ method }) => method);
    const rank = { waiting: 0, writing: 1, answered: 2, none: 2, never: 2 };
    let before = names.map(() => 0);
    let run = emptyRun;
    for (const event of logs.sums) {
      run = apply(run, event);
      const rows = methodRows(run.groups[0], "math", false);
      expect(rows.map(({ method }) => method)).toEqual(names);
      const now = rows.map(({ phase }) => rank[phase]);
      expect(now.every((r, i) => r >= before[i]!)).toBe(true);
      before = now;
    }
    expect(before.every((r) => r === 2)).toBe(true);
  });
});

test("programs agree by what they do, and the one that is run first is ours alone to lists", () => {
  const rows = rowsOf(groupOf(logs.lists));
  const by = Object.fromEntries(rows.map((row) => [row.method, row]));
  expect(by["majority"]).toMatchObject({ agreement: "= same", isAnswer: false });
  expect(by["majority"]!.short).toMatch(/^f\(/);
  expect(by["synthesisExecuted"]).toMatchObject({ agreement: "= same" });
  expect(by["synthesisExecuted"]!.tokens).toBe(by["synthesis"]!.tokens);
  expect(by["longestRollout"]).toBeUndefined();
});

test("of advice the criteria that a chosen answer meets stand where agreement would, and there is no vote", () => {
  const by = Object.fromEntries(rowsOf(groupOf(logs.advice)).map((row) => [row.method, row]));
  expect(by["majority"]).toBeUndefined();
  expect(by["selfBestOfN"]!.agreement).toMatch(/^\d\/5 met$/);
  expect(by["greedy"]!.agreement).toBe("not judged");
  expect(by["longestRollout"]!.short.split(" ").length).toBeLessThanOrEqual(10);
});

test("a run from before the others were asked knows its own answers and its synthesis", () => {
  const old = groupOf(fixtureRun());
  expect(wereAsked(old)).toBe(false);
  const answered = rowsOf(old).filter(({ phase }) => phase !== "never");
  expect(answered.map(({ method }) => method)).toEqual(["single", "synthesis"]);
  expect(wereAsked(groupOf(logs.sums))).toBe(true);
});

test("an open key in words: who was right, and whether the reward said so", async () => {
  const group = await opened("sums");
  const text = (label: ReturnType<typeof labelOfMethod>) => labelText(label!, group);
  expect([0, 1].map((i) => text(labelOfRollout(group, i)))).toEqual(["right", "wrong"]);
  expect(text(labelOfMethod(group, "single"))).toBe("5/8 right");
  expect(text(labelOfMethod(group, "universalSelfConsistency"))).toBe("wrong");
  expect(keyAnswer(group)).toBe(group.references.synthesis!.finished!.extracted);
  expect(rewardAgreement(group)).toEqual({ same: 8, of: 8 });
  expect(keySentences(group)).toEqual([
    "5/8 answers are right.",
    "The vote is right, the synthesis is right.",
    "The reward says what the key says of 8/8 answers.",
  ]);
});

test("of programs too; of advice it is a share, and nobody is right or wrong", async () => {
  expect(keySentences(await opened("lists"))[0]).toBe("5/8 answers are right.");
  const group = await opened("advice");
  expect(labelText(labelOfMethod(group, "synthesis")!, group)).toMatch(/^covers \d+ %$/);
  expect(keySentences(group)).toEqual([expect.stringMatching(/^The synthesis covers \d+ %\.$/)]);
});

test("sealed, it says nothing", () => {
  const group = groupOf(logs.sums);
  expect([labelOfRollout(group, 0), labelOfMethod(group, "synthesis"), keyAnswer(group)]).toEqual([undefined, undefined, null]); // prettier-ignore
  expect(keySentences(group)).toEqual([]);
});
