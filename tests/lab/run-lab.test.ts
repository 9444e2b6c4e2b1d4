/** @file One run over a scripted model and a file system in memory: kept whole, kept in part, broken off. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { runLab, type RunModels } from "../../src/lab/run-lab.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { parseRun } from "../../src/run/lines.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";
import { named, openRequest, request, TestDevice, testLoad } from "./parts.ts";

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const { signal } = new AbortController();
const load = () => testLoad("wasm", { progress: () => undefined, stop: signal });
const loaded = () => load().model;
const judgeOf = (model: ReturnType<typeof named>, device = new TestDevice()) => ({ model, onNotice: device.onNotice });

async function run({
  asked = request,
  stop = signal,
  after = () => undefined,
  ...models
}: Partial<RunModels> & { asked?: typeof request; stop?: AbortSignal; after?: (event: LoggedEvent) => void } = {}) {
  const events: LoggedEvent[] = [];
  const unsaved: unknown[] = [];
  const listener = {
    events: (e: readonly LoggedEvent[]) => {
      events.push(...e);
      e.forEach(after);
    },
    unsaved: (e: unknown) => unsaved.push(e),
  };
  const runner = createNodeRunner();
  const parts = { policy: loaded(), anchor: null, judge: null, judgeFailure: null, runner, ...models };
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
  const { events } = await run({ asked: openRequest, judge: judgeOf(named("judge")) });
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
  const { events } = await run({ asked: openRequest, judge: judgeOf(judge("policy")) });
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

describe("what the engine does otherwise than asked", () => {
  const fewer = { code: "fewer-rows", message: "Memory is enough for 1 rows at once, not 2." } as const;
  const renewed = { code: "device-renewed", message: "The GPU was lost and came back." } as const;
  const types = (events: readonly LoggedEvent[]) => events.map((e) => e.type);

  test("is in the log before the next event, and in the file", async () => {
    const { model: policy, device } = load();
    const { events } = await run({
      policy,
      after: ({ type }) => {
        if (type === "group.started") device.notify(fewer);
      },
    });
    expect(types(events).slice(0, 4)).toEqual(["run.started", "group.started", "notice", "prompt.sent"]);
    expect(events[2]).toMatchObject({ type: "notice", ...fewer, seq: 2 });
    expect(events.at(-1)!.type).toBe("run.finished");
    expect(parseRun(files.texts.get("r.jsonl")!)).toEqual({ events, problem: null });
  });

  test("comes behind the text that was there before it", async () => {
    const { model: policy, device } = load();
    const { model: speaker } = load().model;
    policy.model.generate = async function* (...args) {
      for await (const token of speaker.generate(...args)) {
        yield token;
        if (token.ended === null) device.notify(fewer);
      }
    };
    const { events } = await run({ policy });
    const first = types(events).indexOf("notice");
    expect(types(events)[first - 1]).toBe("rollout.delta");
    expect(parseRun(files.texts.get("r.jsonl")!)).toEqual({ events, problem: null });
  });

  test.each([
    ["the judge's own device", new TestDevice()],
    ["the device of both", null],
  ])("is heard of %s, once", async (_, own) => {
    const { model: policy, device } = load();
    const { events } = await run({
      asked: openRequest,
      policy,
      judge: judgeOf(named("judge"), own ?? device),
      after: ({ type }) => {
        if (type === "rubric.finished") (own ?? device).notify(fewer);
      },
    });
    const place = types(events).indexOf("rubric.finished");
    expect(events[place + 1]).toMatchObject({ type: "notice", ...fewer });
    expect(types(events).filter((type) => type === "notice").length).toBe(1);
  });

  test("is not lost at the end", async () => {
    const { model, device } = load();
    const { events } = await run({
      policy: { ...model, domains: [] },
      after: ({ type }) => {
        if (type !== "group.finished") return;
        device.notify(fewer);
        device.notify(renewed);
      },
    });
    expect(types(events).slice(-4)).toEqual(["group.finished", "notice", "notice", "run.finished"]);
    expect(events.slice(-3)).toMatchObject([fewer, renewed, {}]);
  });

  test("is not lost before a failure or a stop", async () => {
    const { model: policy, device } = load();
    const stop = new AbortController();
    policy.model.generate = () => {
      device.notify(fewer);
      throw new ModelError("device-lost", "The GPU was lost.");
    };
    expect(types((await run({ policy })).events).slice(-2)).toEqual(["notice", "run.failed"]);
    const { events } = await run({
      policy,
      stop: stop.signal,
      after: ({ type }) => {
        if (type === "prompt.sent") stop.abort();
      },
    });
    expect(types(events).slice(-2)).toEqual(["notice", "run.stopped"]);
  });

  test("after the run nobody listens any more", async () => {
    const { model: policy, device } = load();
    const judge = new TestDevice();
    await run({ asked: openRequest, policy, judge: judgeOf(named("judge"), judge) });
    expect([device.heard, judge.heard]).toEqual([false, false]);
  });
});
