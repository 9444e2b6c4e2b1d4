/** @file The worker: takes commands, owns the model and with it the GPU device, runs one run at a time. What each command does is in its own file. */
import { ModelError } from "../cat/models.ts";
import { readRunFile, removeRunFile } from "../store/runs.ts";
import { importRun, listRuns } from "./library.ts";
import type { LoadedModel } from "./load-model.ts";
import { type Command, EVENTS_CHANNEL, type Failure, type Notice } from "./protocol.ts";
import { runLab } from "./run-lab.ts";

const channel = new BroadcastChannel(EVENTS_CHANNEL);

/** The model that is loading or loaded, and what was asked for. */
let model: { readonly key: string; readonly loaded: Promise<LoadedModel> } | undefined;
let running: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;

self.onmessage = (message: MessageEvent<Command>) => {
  const command = message.data;
  switch (command.type) {
    case "model.load":
      void load(command);
      return;
    case "run.start":
      void start(command);
      return;
    case "run.stop":
      running?.controller.abort();
      return;
    case "runs.list":
      void answer(command.call, listRuns());
      return;
    case "runs.read":
      void answer(command.call, readRunFile(command.run));
      return;
    case "runs.remove":
      void answer(command.call, removeRunFile(command.run));
      return;
    case "runs.import":
      void answer(command.call, importRun(command.text));
      return;
    default:
      command satisfies never;
  }
};

function post(notice: Notice): void {
  self.postMessage(notice);
}

async function load({ model: id, device, base }: Extract<Command, { type: "model.load" }>): Promise<void> {
  const key = `${id} ${device}`;
  if (model?.key === key) return;
  const before = model;
  const loaded = (async () => {
    // The run in progress and the model before it hold memory that the new one may need.
    running?.controller.abort();
    await running?.ended;
    const old = await before?.loaded.catch(() => undefined);
    await old?.dispose();
    // ONNX Runtime and the tokenizer come with this chunk, after the page is on screen.
    const { loadModel } = await import("./load-model.ts");
    return loadModel(id, device, base, (state) => {
      post({ type: "model", state });
    });
  })();
  model = { key, loaded };
  try {
    const { model: ready, why, lost } = await loaded;
    post({ type: "model", state: { phase: "ready", record: ready.record, adapter: ready.adapter, why } });
    void lost.then((failure) => {
      fail(failure, key);
    });
  } catch (error) {
    fail(failureOf(error), key);
  }
}

/** A model that failed is forgotten, so that asking for it again tries again. */
function fail(failure: Failure, key: string): void {
  if (model?.key !== key) return;
  model = undefined;
  post({ type: "model", state: { phase: "failed", failure } });
}

async function start({ run, request }: Extract<Command, { type: "run.start" }>): Promise<void> {
  running?.controller.abort();
  await running?.ended;
  if (model === undefined) return;
  const controller = new AbortController();
  const { loaded } = model;
  const ended = (async () => {
    await runLab(run, request, await loaded, controller.signal, {
      events(events) {
        post({ type: "events", run, events });
        channel.postMessage({ run, events });
      },
      unsaved(error) {
        post({ type: "unsaved", run, failure: failureOf(error) });
      },
    });
  })().catch(() => undefined); // a model that failed to load has already said so
  running = { controller, ended };
  await ended;
}

async function answer(call: number, value: Promise<unknown>): Promise<void> {
  try {
    post({ type: "answer", call, value: await value });
  } catch (error) {
    post({ type: "refused", call, failure: failureOf(error) });
  }
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof ModelError ? error.code : "unexpected", message };
}
