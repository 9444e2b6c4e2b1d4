/** @file One run over a scripted model and a file system in memory: kept whole, kept in part, broken off. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runLab } from "../../src/lab/run-lab.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { parseRun } from "../../src/run/lines.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";
import { request, testLoad } from "./parts.ts";

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const { signal } = new AbortController();
const loaded = () => testLoad("wasm", { progress: () => undefined, stop: signal }).model;

async function run(model = loaded()) {
  const events: LoggedEvent[] = [];
  const unsaved: unknown[] = [];
  const listener = {
    events: (e: readonly LoggedEvent[]) => events.push(...e),
    unsaved: (e: unknown) => unsaved.push(e),
  };
  const ended = runLab("r", request, model, signal, listener);
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
  const { events, ended } = await run({ ...model, sampling: { ...model.sampling, temperature: Number.NaN } });
  await expect(ended).rejects.toThrow('"temperature" of a run.started event is NaN');
  expect([events, files.open.size]).toEqual([[], 0]);
});
