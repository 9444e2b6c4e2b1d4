/** @file One run over a scripted model and a file system in memory: kept whole, kept in part, broken off. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { runLab, type RunModels } from "../../src/lab/run-lab.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { parseRun } from "../../src/run/lines.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";
import { named, openRequest, request, testLoad } from "./parts.ts";

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const { signal } = new AbortController();
const loaded = () => testLoad("wasm", { progress: () => undefined, stop: signal }).model;

async function run({
  asked = request,
  stop = signal,
  ...models
}: Partial<RunModels> & { asked?: typeof request; stop?: AbortSignal } = {}) {
  const events: LoggedEvent[] = [];
  const unsaved: unknown[] = [];
  const listener = {
    events: (e: readonly LoggedEvent[]) => events.push(...e),
    unsaved: (e: unknown) => unsaved.push(e),
  };
  const runner = createNodeRunner();
  const parts = { policy: loaded(), judge: null, judgeFailure: null, runner, ...models };
  const ended = runLab("r", asked, parts, stop, listener);
  await ended.catch(() => undefined);
  return { events, unsaved, ended };
}

test("what is kept is what was posted, and the file is closed", async () => {
  const { events, unsaved } = await run();
  expect(events.at(-1)!.type).toBe("run.finished");
  expect(parseRun(files.texts.get("r.jsonl")!)).toEqual({ events, problem: null });
  expect([unsaved, files.open.size]).toEqual([[], 0]);
});

test("a full disk is said once, the file is closed and the run goes on", async () => {
  files.failures.set("write", new DOMException("The quota has been exceeded.", "QuotaExceededError"));
  files.failures.set("flush", new DOMException("The quota has been exceeded.", "QuotaExceededError"));
  const { events, unsaved } = await run();
  expect(events.at(-1)!.type).toBe("run.finished");
  expect(unsaved).toMatchObject([{ code: "storage" }]);
  expect(files.open.size).toBe(0);
});

test("an event that no file can hold ends the run with an error, the file closed", async () => {
  const model = loaded();
  const policy = { ...model, sampling: { ...model.sampling, temperature: Number.NaN } };
  const { events, ended } = await run({ policy });
  await expect(ended).rejects.toThrow('"temperature" of a run.started event is NaN');
  expect([events, files.open.size]).toEqual([[], 0]);
});

test("an open question is judged by the judge, which the header names", async () => {
  const { events } = await run({ asked: openRequest, judge: named("judge") });
  expect(events[0]).toMatchObject({
    domain: "advice",
    models: { policy: { id: "policy" }, anchor: { id: "policy" }, judge: { id: "judge" } },
    judgeIndependent: true,
  });
  const verdicts = events.filter((e) => e.type === "verdict");
  expect(verdicts.length).toBe(2 * 5);
  expect(verdicts.every((v) => v.met)).toBe(true);
  expect(events.filter((e) => e.type === "reward").map((e) => e.value)).toEqual([1, 1]);
  expect(events.at(-1)!.type).toBe("run.finished");
});

test.each([
  ["of the same name", (policy: string) => named(policy)],
  [
    "with the same weights under another name",
    (policy: string) => {
      const { record } = named(policy);
      return Object.assign(named("judge"), { record: { ...record, id: "judge" } });
    },
  ],
])("a judge %s is not independent", async (_, judge) => {
  const { events } = await run({ asked: openRequest, judge: judge("policy") });
  expect(events[0]).toMatchObject({ judgeIndependent: false });
});

test("without a judge nothing is called independent", async () => {
  const { events } = await run();
  expect(events[0]).toMatchObject({ models: { judge: null }, judgeIndependent: false });
});

test("a judge that could not be had fails the run, with the question in its log", async () => {
  const judgeFailure = new ModelError("file-missing", "The judge could not be loaded: no file.");
  const { events } = await run({ asked: openRequest, judgeFailure });
  expect(events).toMatchObject([
    { type: "run.started", models: { judge: null }, judgeIndependent: false },
    { type: "group.started", task: { prompt: openRequest.prompt } },
    { type: "run.failed", code: "file-missing", message: "The judge could not be loaded: no file." },
  ]);
  expect(parseRun(files.texts.get("r.jsonl")!)).toEqual({ events, problem: null });
});

test("a run that was stopped while its judge was loading is stopped, not failed", async () => {
  const { events } = await run({ asked: openRequest, stop: AbortSignal.abort() });
  expect(events.map((e) => e.type)).toEqual(["run.started", "group.started", "run.stopped"]);
});

test("a run says which prompts stand in other words, and is asked so; others than its own change nothing", async () => {
  const own = { set: "default", template: "rollout", user: "Now: {prompt}" } as const;
  const foreign = { set: "kitten", template: "rollout", user: "{prompt}!" } as const;
  const { events } = await run({ asked: { ...request, prompts: [own, foreign] } });
  expect(events[0]).toMatchObject({ editedPrompts: [own] });
  expect(events.find((e) => e.type === "prompt.sent")).toMatchObject({
    messages: [{ content: "Now: What is 2 + 3?" }],
  });
  expect(parseRun(files.texts.get("r.jsonl")!)).toEqual({ events, problem: null });
  const { events: plain } = await run({ asked: { ...request, prompts: [foreign] } });
  expect(plain[0]).not.toHaveProperty("editedPrompts");
});

test("a wording that cannot be used fails the run and says why", async () => {
  const { events } = await run({
    asked: { ...request, prompts: [{ set: "default", template: "synthesis", user: "{prompt} {rollouts}" }] },
  });
  expect(events.at(-1)).toMatchObject({
    type: "run.failed",
    message: expect.stringContaining("must not see") as unknown,
  });
});
