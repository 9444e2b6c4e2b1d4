/** @file The worker: joins the lab to what it works with. What it does with commands is in lab.ts. */
import { createBrowserRunner } from "../sandbox/browser-runner.ts";
import { remoteFrames } from "../sandbox/frame-host.ts";
import { fetchText } from "./fetch-text.ts";
import { Lab } from "./lab.ts";
import { type Command, EVENTS_CHANNEL, type Notice } from "./protocol.ts";

const channel = new BroadcastChannel(EVENTS_CHANNEL);

const frames = remoteFrames((request, transfer) => {
  self.postMessage({ type: "frame", request } satisfies Notice, { transfer });
});

/** What runs are made of: the method, its checkers, the file. */
const method = () => import("./run-lab.ts");

const lab = new Lab({
  post(notice) {
    self.postMessage(notice);
    if (notice.type === "events") channel.postMessage({ run: notice.run, events: notice.events });
    if (notice.type === "run.lost") channel.postMessage({ run: notice.run, lost: notice.failure.message });
  },
  // ONNX Runtime and the tokenizer come with this chunk, after the page is on screen; the method comes beside them.
  async loadModel(...args) {
    void method();
    return (await import("./load-model.ts")).loadModel(...args);
  },
  // A frame lasts for one run at most: nothing that a program left there is met by the next run's.
  async runLab(run, request, models, stop, listener) {
    const runner = createBrowserRunner(frames);
    try {
      const { runLab } = await method();
      await runLab(run, request, { ...models, runner }, stop, listener);
    } finally {
      runner.rest();
    }
  },
  async changeRun(request, parts) {
    const [{ changeRun }, { createBrowserChecker }] = await Promise.all([
      import("./change-run.ts"),
      import("../symbolic/browser-checker.ts"),
    ]);
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
  library: {
    list: async () => (await import("./library.ts")).listRuns(),
    import: async (text) => (await import("./library.ts")).importRun(text),
    read: async (id) => (await import("../store/runs.ts")).readRunFile(id),
    remove: async (id) => (await import("../store/runs.ts")).removeRunFile(id),
    restore: async (id, text) => (await import("../store/runs.ts")).writeRunFile(id, text),
  },
});

self.onmessage = (message: MessageEvent<Command>) => {
  lab.handle(message.data);
};
