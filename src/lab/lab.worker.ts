/** @file The worker: joins the lab to what it works with. What it does with commands is in lab.ts. */
import { createBrowserRunner } from "../sandbox/browser-runner.ts";
import { remoteFrames } from "../sandbox/frame-host.ts";
import { readRunFile, removeRunFile, writeRunFile } from "../store/runs.ts";
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
  placePrompt: async (prompt) => (await import("../models/place.ts")).placePrompt(prompt),
  library: { list: listRuns, read: readRunFile, remove: removeRunFile, restore: writeRunFile, import: importRun },
});

self.onmessage = (message: MessageEvent<Command>) => {
  lab.handle(message.data);
};
