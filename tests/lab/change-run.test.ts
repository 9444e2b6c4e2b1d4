/** @file A person's changes of runs that have ended: what is appended to the file, what is decided again, and that a refused change leaves no trace. */
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Task } from "../../src/cat/types.ts";
import { changeRun, type ChangeParts } from "../../src/lab/change-run.ts";
import type { Change } from "../../src/lab/protocol.ts";
import { effectiveGroup } from "../../src/run/effective.ts";
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";
import { formatEvent, parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";
import { adviceRun } from "../ui/fixture-advice.ts";
import { listsRun } from "../ui/fixture-lists.ts";
import { fixtureRun } from "../ui/fixture.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const sums = fixtureRun();
const advice = await adviceRun();
const textOf = (log: readonly LoggedEvent[]) => log.map(formatEvent).join("");
const groupOf = (log: readonly LoggedEvent[]) => log.reduce(apply, emptyRun).groups[0]!;
const kept = () => parseRun(files.texts.get("r.jsonl")!).events;
const missing = () => Promise.reject(new Error("not part of this test"));
const judge = scripted({ yes: () => 0.9 });

function change(what: Change, log: readonly LoggedEvent[], parts: Partial<ChangeParts> = {}, text = textOf(log)) {
  if (!files.texts.has("r.jsonl")) files.texts.set("r.jsonl", text);
  const posted: LoggedEvent[] = [];
  const runner = createNodeRunner();
  const { signal: stop } = new AbortController();
  let time = 0;
  const post = (events: readonly LoggedEvent[]) => posted.push(...events);
  const all = {
    policy: missing,
    anchor: missing,
    judge: missing,
    notices: () => [],
    fetchText: missing,
    runner,
    symbolic: null,
    now: () => ++time,
    stop,
    post,
    ...parts,
  };
  return { posted, done: changeRun({ run: "r", log: textOf(log), change: what }, all) };
}

const verdict = advice.find((e) => e.type === "verdict")!;

test("an override and its undo are lines of the file, at the time of the end, and what counts is as before", async () => {
  const { posted, done } = change({ of: "override", target: verdict.seq, value: false, note: "No." }, advice);
  expect(await done).toBe(true);
  expect(posted).toMatchObject([{ type: "override", seq: advice.length, atMs: advice.at(-1)!.atMs, note: "No." }]);
  expect(kept()).toEqual([...advice, ...posted]);
  expect(effectiveGroup(groupOf(kept())).rollouts[0]!.met[0]).toBe(false);
  await change({ of: "undo", target: advice.length }, advice).done;
  expect(effectiveGroup(groupOf(kept()))).toEqual(effectiveGroup(groupOf(advice)));
  expect(files.open.size).toBe(0);
});

test("what does not fit is refused, and the file is as it was", async () => {
  const { posted, done } = change({ of: "override", target: 0, value: true, note: "" }, advice);
  await expect(done).rejects.toThrow("override of event 0");
  expect([posted, files.texts.get("r.jsonl"), files.open.size]).toEqual([[], textOf(advice), 0]);
});

test("a run that is not kept is changed on the page alone", async () => {
  files.failures.set("getFile", new DOMException("No storage.", "SecurityError"));
  const { posted, done } = change({ of: "override", target: verdict.seq, value: null, note: "" }, advice);
  expect(await done).toBe(false);
  expect(posted.length).toBe(1);
});

test("a file that was cut in a line is cut back to its last whole line first", async () => {
  const { done } = change(
    { of: "override", target: verdict.seq, value: null, note: "" },
    advice,
    {},
    textOf(advice) + '{"type":',
  );
  expect(await done).toBe(true);
  expect(parseRun(files.texts.get("r.jsonl")!)).toMatchObject({ problem: null, events: { length: advice.length + 1 } });
});

describe("an edited reference", () => {
  test("of a sum: every answer is compared again at once, and an undo takes that back", async () => {
    const { seq } = sums.find((e) => e.type === "reference.finished")!;
    await change({ of: "override", target: seq, value: "It is \\boxed{12}.", note: "" }, sums).done;
    const { rollouts } = effectiveGroup(groupOf(kept()));
    expect(rollouts.map((r) => r.reward)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    expect(kept().filter((e) => e.type === "reward").length).toBe(8);
    await change({ of: "undo", target: sums.length }, sums).done;
    expect(effectiveGroup(groupOf(kept())).rollouts.map((r) => r.reward)).toEqual(
      groupOf(sums).rollouts.map((r) => r.reward),
    );
  });

  test("of programs: they are run again", async () => {
    const lists = await listsRun();
    const { seq } = lists.find((e) => e.type === "reference.finished")!;
    const value = "function f(list, n) {\n  return -1;\n}";
    await change({ of: "override", target: seq, value, note: "" }, lists).done;
    const again = kept().slice(lists.length + 1);
    expect(again.map((e) => e.type)).toEqual(Array.from({ length: 8 }, () => "tests"));
    expect(effectiveGroup(groupOf(kept())).rollouts.every((r) => r.reward === 0)).toBe(true);
  });

  test("of advice: the rubric stays until the anchor is asked for another, which comes whole", async () => {
    const { seq } = advice.find((e) => e.type === "reference.finished")!;
    const edit = change({ of: "override", target: seq, value: "Call a friend.", note: "" }, advice);
    await edit.done;
    expect(edit.posted.map((e) => e.type)).toEqual(["override"]);
    const prompts: string[] = [];
    const anchor = scripted({
      answer: (prompt) => {
        prompts.push(prompt);
        return "- a\n- b\n- c\n- d\n- e";
      },
    });
    const { posted, done } = change({ of: "propose" }, advice, { anchor: () => Promise.resolve(anchor) });
    await done;
    expect(posted.map((e) => e.type)).toEqual(["prompt.sent", "rubric.finished"]);
    expect(prompts[0]).toContain("Call a friend.");
    expect(groupOf(kept()).criteria.map((c) => c.text)).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("an edited rubric", () => {
  const before = groupOf(advice);
  const criteria = [
    before.criteria[0]!,
    { id: 1, text: "Says to drink a glass every hour." },
    ...before.criteria.slice(3),
    { id: 6, text: "Is kind." },
  ];

  test("only what changed is judged again, and an undo brings the verdicts of before back", async () => {
    const { posted } = change({ of: "rubric", group: 0, criteria }, advice);
    await expect.poll(() => posted.length).toBe(1);
    const waiting = groupOf(kept());
    expect(waiting.rollouts[0]!.verdicts[0]).toEqual(before.rollouts[0]!.verdicts[0]);
    expect([waiting.rollouts[0]!.verdicts[1], waiting.rollouts[0]!.verdicts[2]]).toEqual([undefined, undefined]);
    expect(effectiveGroup(waiting).rollouts[0]!.reward).toBe(undefined);

    const again = change({ of: "again" }, advice, { judge: () => Promise.resolve(judge) });
    await again.done;
    const verdicts = again.posted.filter((e) => e.type === "verdict");
    expect(new Set(verdicts.map((v) => v.criterion))).toEqual(new Set([1, 6]));
    expect(verdicts.length).toBe(2 * 8);
    expect(again.posted.some((e) => e.type === "reward")).toBe(false);
    expect(effectiveGroup(groupOf(kept())).rollouts.every((r) => r.reward !== undefined)).toBe(true);

    await change({ of: "undo", target: advice.length }, advice).done;
    const after = groupOf(kept());
    expect(after.criteria).toEqual(before.criteria);
    expect(after.rollouts.map((r) => r.verdicts)).toEqual(before.rollouts.map((r) => r.verdicts));
    expect(effectiveGroup(after).rollouts.map((r) => r.reward)).toEqual(before.rollouts.map((r) => r.reward));
  });

  test("the first rubric cannot be undone, and nothing is asked of a judge who is not wanted", async () => {
    const { seq } = advice.find((e) => e.type === "rubric.finished")!;
    await expect(change({ of: "undo", target: seq }, advice).done).rejects.toThrow("no rubric in place of another");
    expect((await change({ of: "again" }, advice).done) && kept().length).toBe(advice.length);
  });
});

test("what the judge's device does otherwise than asked is in the log, also before a failure", async () => {
  const criteria = groupOf(advice).criteria.map(({ id, text }) => ({ id, text: id === 1 ? "Is kind." : text }));
  await change({ of: "rubric", group: 0, criteria }, advice).done;
  const waiting: RunEvent[] = [];
  const asked = scripted({});
  const parts = { judge: () => Promise.resolve(asked), notices: () => waiting.splice(0) };
  asked.decide = () => {
    waiting.push({ type: "notice", code: "fewer-rows", message: "Memory is enough for 2 rows at once." });
    throw new Error("It broke.");
  };
  const failing = change({ of: "again" }, advice, parts);
  await expect(failing.done).rejects.toThrow("It broke.");
  expect(failing.posted.at(-1)).toMatchObject({ type: "notice", code: "fewer-rows" });
  expect(kept().slice(-failing.posted.length)).toEqual(failing.posted);
  expect([kept().reduce(apply, emptyRun).notices.length, files.open.size]).toEqual([1, 0]);
});

describe("the key", () => {
  const base = "http://page.test/lab/";
  const fetchText = (address: string) => readFile(address.replace(base, ""), "utf8");
  /** The fixture, as if it had asked the held-out problem 17. */
  const asked = async (): Promise<readonly LoggedEvent[]> => {
    const task = JSON.parse((await readFile("models/items/sums/tasks.jsonl", "utf8")).split("\n")[17]!) as Task;
    return sums.map((event) => (event.type === "group.started" ? { ...event, task } : event));
  };

  test("is opened at the run's end, for all at once, and once", async () => {
    const log = await asked();
    const batches: (readonly LoggedEvent[])[] = [];
    const post = (events: readonly LoggedEvent[]) => batches.push(events);
    expect(await change({ of: "key", base }, log, { fetchText, post }).done).toBe(true);
    expect(batches).toHaveLength(1);
    expect(batches[0]!.map(({ type, atMs }) => [type, atMs])).toEqual(
      Array.from({ length: 1 + 8 + 1 + 1 }, () => ["label", log.at(-1)!.atMs]),
    );
    expect(kept()).toEqual([...log, ...batches[0]!]);

    const again = change({ of: "key", base }, kept(), { fetchText });
    expect(await again.done).toBe(true);
    expect([again.posted, kept().length]).toEqual([[], log.length + 11]);
  });

  test("opened in another tab, it is only told", async () => {
    const log = await asked();
    const first = change({ of: "key", base }, log, { fetchText });
    await first.done;
    const second = change({ of: "key", base }, log, { fetchText });
    await second.done;
    expect(second.posted).toEqual(first.posted);
    expect(kept()).toEqual([...log, ...first.posted]);
  });

  test.each([
    ["was typed", { item: null }],
    ["names a folder of its own", { domain: "../runs" }],
    ["is of no domain", { domain: null }],
  ])("a run whose question %s has none, and nothing is fetched", async (_, header) => {
    const log = (await asked()).map((event) => (event.type === "run.started" ? { ...event, ...header } : event));
    const { posted, done } = change({ of: "key", base }, log);
    await expect(done).rejects.toThrow("no key to it");
    expect([posted, kept()]).toEqual([[], log]);
  });

  test("that cannot be fetched stays sealed", async () => {
    const log = await asked();
    const { posted, done } = change({ of: "key", base }, log);
    await expect(done).rejects.toThrow("not part of this test");
    expect([posted, kept()]).toEqual([[], log]);
  });
});
