/** @file The worker: joins the lab to what it works with. What it does with commands is in lab.ts. */
import { createBrowserRunner } from "../sandbox/browser-runner.ts";
import { remoteFrames } from "../sandbox/frame-host.ts";
import { failureOf } from "./failure.ts";
import { fetchText } from "./fetch-text.ts";
import { isHubKey } from "../models/hub-key.ts";
import type { HubModels } from "./hub-models.ts";
import { Lab } from "./lab.ts";
import type { LoadTraining } from "./loaded-training.ts";
import { type Command, EVENTS_CHANNEL, type ModelsCommand, type Notice, TRAINED } from "./protocol.ts";
import { startWorker } from "./start-worker.ts";
import type { Trainings } from "./trainings.ts";

const channel = new BroadcastChannel(EVENTS_CHANNEL);

const frames = remoteFrames((request, transfer) => {
  self.postMessage({ type: "frame", request } satisfies Notice, { transfer });
});

/** What runs are made of: the method, its checkers, the file. */
const method = () => import("./run-lab.ts");

/** Made when first asked for, with the method in its chunk; ONNX Runtime and the trainer come with the first training that is loaded. */
let trainings: Promise<Trainings> | undefined;
const openTrainings = (): Promise<Trainings> => {
  trainings ??= (async () => {
    const { Trainings } = await import("./trainings.ts");
    const runner = createBrowserRunner(frames);
    const load: LoadTraining = async (...args) => (await import("./load-training.ts")).trainingLoader(runner)(...args);
    return new Trainings({ post, load, turn: () => lab.turn() });
  })();
  // What could not be fetched may come the next time.
  trainings.catch(() => (trainings = undefined));
  return trainings;
};

/** Made when first asked for, with the downloader in its chunk. */
let hubModels: Promise<HubModels> | undefined;
const openHubModels = (): Promise<HubModels> => {
  hubModels ??= import("./hub-models.ts").then(({ HubModels }) => new HubModels(post));
  hubModels.catch(() => (hubModels = undefined)); // as above
  return hubModels;
};

/** A server that has to load its model first may take a while. */
const CHECK_MS = 150_000;

function post(notice: Notice): void {
  const bytes = notice.type === "answer" ? savedBytes(notice.value) : null;
  self.postMessage(notice, { transfer: bytes === null ? [] : [bytes] });
  if (notice.type === "events") channel.postMessage({ run: notice.run, events: notice.events });
  if (notice.type === "run.lost") channel.postMessage({ run: notice.run, lost: notice.failure.message });
}

/** Tens of megabytes, which are moved, not copied. */
function savedBytes(value: unknown): ArrayBuffer | null {
  const { bytes } = (value ?? {}) as { readonly bytes?: unknown };
  return bytes instanceof ArrayBuffer ? bytes : null;
}

const lab = new Lab({
  post,
  trainings: openTrainings,
  // ONNX Runtime and the tokenizer come with this chunk, after the page is on screen; the method comes beside them.
  async loadModel(id, ...rest) {
    void method();
    if (isHubKey(id)) return (await import("./load-hub.ts")).loadHub(id, await openHubModels(), ...rest);
    if (!id.startsWith(TRAINED)) return (await import("./load-model.ts")).loadModel(id, ...rest);
    const [training = ""] = id.slice(TRAINED.length).split("@");
    const policy = await (await openTrainings()).policy(training);
    return (await import("./load-trained.ts")).loadTrained(id, policy, ...rest);
  },
  async loadServed(...args) {
    void method();
    return (await import("./load-served.ts")).loadServedPolicy(...args);
  },
  async loadJudge(choice, policy, options) {
    switch (choice.from) {
      case "page":
        return policy.loadJudge(options);
      case "hub": {
        const [{ fetchHub }, models] = await Promise.all([import("./load-hub.ts"), openHubModels()]);
        return policy.loadJudge(options, (base) => fetchHub(choice.model, models, base, options));
      }
      case "server":
        return (await import("./load-served.ts")).loadServedJudge(choice.place, options);
    }
  },
  serveAnchor: async (place) => new (await import("../served/served-model.ts")).ServedModel(place),
  async checkServer(place) {
    const { checkServer } = await import("../served/check-server.ts");
    return checkServer(place, () => performance.now(), AbortSignal.timeout(CHECK_MS));
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
    const symbolic = createBrowserChecker(startWorker);
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

self.onmessage = ({ data: command }: MessageEvent<Command | ModelsCommand>) => {
  if (!isModelsCommand(command)) lab.handle(command);
  else {
    openHubModels().then(
      (models) => {
        models.handle(command);
      },
      (error: unknown) => {
        const failure = failureOf(error);
        if ("call" in command) post({ type: "refused", call: command.call, failure });
        else if ("model" in command)
          post({ type: "download", model: command.model, state: { phase: "failed", failure } });
      },
    );
  }
};

function isModelsCommand(command: Command | ModelsCommand): command is ModelsCommand {
  return command.type.startsWith("models.");
}
