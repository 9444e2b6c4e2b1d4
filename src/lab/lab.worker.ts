/** @file The worker: joins the lab to what it works with. What it does with commands is in lab.ts. */
import { ModelError } from "../cat/models.ts";
import { createBrowserRunner } from "../sandbox/browser-runner.ts";
import { remoteFrames } from "../sandbox/frame-host.ts";
import { readRunFile, removeRunFile, writeRunFile } from "../store/runs.ts";
import { createBrowserChecker } from "../symbolic/browser-checker.ts";
import { changeRun } from "./change-run.ts";
import { Lab } from "./lab.ts";
import { importRun, listRuns } from "./library.ts";
import { type Command, EVENTS_CHANNEL, type Notice } from "./protocol.ts";
import { runLab } from "./run-lab.ts";

const channel = new BroadcastChannel(EVENTS_CHANNEL);

const frames = remoteFrames((request, transfer) => {
  self.postMessage({ type: "frame", request } satisfies Notice, { transfer });
});

const lab = new Lab({
  post(notice) {
    self.postMessage(notice);
    if (notice.type === "events") channel.postMessage({ run: notice.run, events: notice.events });
    if (notice.type === "run.lost") channel.postMessage({ run: notice.run, lost: notice.failure.message });
  },
  // ONNX Runtime and the tokenizer come with this chunk, after the page is on screen.
  loadModel: async (...args) => (await import("./load-model.ts")).loadModel(...args),
  // A frame lasts for one run at most: nothing that a program left there is met by the next run's.
  async runLab(run, request, models, stop, listener) {
    const runner = createBrowserRunner(frames);
    try {
      await runLab(run, request, { ...models, runner }, stop, listener);
    } finally {
      runner.rest();
    }
  },
  async changeRun(request, parts) {
    const runner = createBrowserRunner(frames);
    const symbolic = createBrowserChecker();
    try {
      return await changeRun(request, { ...parts, runner, symbolic, fetchText, now: () => performance.now() });
    } finally {
      runner.rest();
      symbolic.dispose();
    }
  },
  placePrompt: async (prompt) => (await import("../models/place.ts")).placePrompt(prompt),
  library: { list: listRuns, read: readRunFile, remove: removeRunFile, restore: writeRunFile, import: importRun },
});

/** @throws {ModelError} `file-missing` */
async function fetchText(address: string): Promise<string> {
  const response = await fetch(address).catch(() => null);
  if (response?.ok === true) return response.text();
  const why = response === null ? "no connection" : `status ${response.status}`;
  throw new ModelError(
    "file-missing",
    `${address} could not be fetched (${why}). Check the connection, then try again.`,
  );
}

self.onmessage = (message: MessageEvent<Command>) => {
  lab.handle(message.data);
};
