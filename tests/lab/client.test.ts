/** @file The page's end of the worker, with a worker that only listens: starting it, its death, pages where it must not start. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LabClient } from "../../src/lab/client.ts";
import type { Command, Failure, ModelState, Notice } from "../../src/lab/protocol.ts";
import { request } from "./parts.ts";

class TestWorker {
  static readonly all: TestWorker[] = [];
  readonly commands: Command[] = [];
  terminated = false;
  onmessage: (message: { data: Notice }) => void = () => undefined;
  onerror: (event: { message: string }) => void = () => undefined;
  constructor() {
    TestWorker.all.push(this);
  }
  postMessage(command: Command): void {
    this.commands.push(command);
  }
  terminate(): void {
    this.terminated = true;
  }
}

let states: ModelState[];
let judgeStates: ModelState[];
let lost: [string, Failure][];
let trainings: [string, string][];
let gone: Failure[];
const client = () =>
  new LabClient({
    model: (state) => states.push(state),
    judge: (state) => judgeStates.push(state),
    download: () => undefined,
    events: () => undefined,
    unsaved: () => undefined,
    lost: (run, failure) => lost.push([run, failure]),
    training: (id, state) => trainings.push([id, state.phase]),
    gone: (failure) => gone.push(failure),
  });

beforeEach(() => {
  TestWorker.all.length = 0;
  states = [];
  judgeStates = [];
  lost = [];
  trainings = [];
  gone = [];
  vi.stubGlobal("Worker", TestWorker);
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("location", { origin: "http://192.168.1.5:4173" });
  vi.stubGlobal("document", { baseURI: "http://192.168.1.5:4173/" });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("after a worker that could not start, a load makes another", async () => {
  const lab = client();
  lab.load("kitten", "auto");
  const list = lab.list();
  TestWorker.all[0]!.onerror({ message: "no such file" });
  await expect(list).rejects.toThrow("no such file");
  expect(states).toMatchObject([{ phase: "failed" }]);
  expect(judgeStates).toEqual([{ phase: "absent" }]);
  expect(gone).toMatchObject([{ code: "unexpected" }]);
  lab.load("kitten", "auto");
  expect(TestWorker.all.map((worker) => worker.terminated)).toEqual([true, false]);
  TestWorker.all[0]!.onerror({ message: "again" });
  expect(TestWorker.all[1]!.terminated).toBe(false);
  expect(TestWorker.all[1]!.commands).toMatchObject([{ type: "model.load", device: "auto" }]);
});

test("over plain http from another machine it says where to go, at once, and starts no worker", async () => {
  vi.stubGlobal("isSecureContext", false);
  const lab = client();
  lab.load("kitten", "auto");
  expect(states).toMatchObject([{ phase: "failed", failure: { code: "insecure-origin" } }]);
  await expect(lab.list()).rejects.toThrow(/192\.168\.1\.5.*https/);
  lab.loadJudge();
  lab.train({ type: "training.pause" });
  expect(gone).toMatchObject([{ code: "insecure-origin" }]);
  expect(TestWorker.all).toEqual([]);
});

test("a run has a name of its own, also without randomUUID", () => {
  const getRandomValues = (array: Uint16Array) => array.fill(0x2a);
  vi.stubGlobal("crypto", { getRandomValues });
  expect(client().start(request)).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-002a$/);
});

test("a lost run is handed on", () => {
  const failure: Failure = { code: "unexpected", message: "broken off" };
  client().start(request);
  TestWorker.all[0]!.onmessage({ data: { type: "run.lost", run: "r", failure } });
  expect(lost).toEqual([["r", failure]]);
});

test("policy and judge are told apart", () => {
  client().load("kitten", "auto");
  const say = (role: "policy" | "judge", phase: "starting" | "checking") => {
    TestWorker.all[0]!.onmessage({ data: { type: "model", role, state: { phase } } });
  };
  say("policy", "checking");
  say("judge", "starting");
  expect([states, judgeStates]).toEqual([[{ phase: "checking" }], [{ phase: "starting" }]]);
});

test("a prompt is placed by a call that needs no model", async () => {
  const place = { domain: "sums", inside: true, strange: [] };
  const asked = client().place("What is 3 + 4?");
  expect(TestWorker.all[0]!.commands).toEqual([{ type: "prompt.place", call: 1, prompt: "What is 3 + 4?" }]);
  TestWorker.all[0]!.onmessage({ data: { type: "answer", call: 1, value: place } });
  expect(await asked).toEqual(place);
});

test("commands about trainings go out as they are; their states and answers come back", async () => {
  const lab = client();
  lab.train({ type: "training.run", steps: 3 });
  const asked = lab.askTraining((call) => ({ type: "trainings.read", call, training: "t" }));
  const [worker] = TestWorker.all;
  expect(worker!.commands).toEqual([
    { type: "training.run", steps: 3 },
    { type: "trainings.read", call: 1, training: "t" },
  ]);
  const state = { phase: "paused", failure: null, device: "wasm", kept: true, checkpoints: [] } as const;
  worker!.onmessage({ data: { type: "training", training: "t", state } });
  worker!.onmessage({ data: { type: "answer", call: 1, value: "text" } });
  expect([trainings, await asked]).toEqual([[["t", "paused"]], "text"]);
});
