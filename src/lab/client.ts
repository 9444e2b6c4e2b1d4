/** @file The page's end of the lab worker: posts commands, hands notices on, pairs calls with their answers. Holds no state of a run. */
import type { Command, DeviceChoice, Failure, ModelState, Notice, RunRequest, RunSummary } from "./protocol.ts";
import type { LoggedEvent } from "../run/event.ts";

/** What the page wants to hear. Called in the order of the notices. */
export interface LabListener {
  model(state: ModelState): void;
  events(run: string, events: readonly LoggedEvent[]): void;
  unsaved(run: string, failure: Failure): void;
}

/** Rejection of a library call. */
export class LabError extends Error {
  readonly code: Failure["code"];
  constructor(failure: Failure) {
    super(failure.message);
    this.name = "LabError";
    this.code = failure.code;
  }
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class LabClient {
  readonly #worker: Worker;
  readonly #listener: LabListener;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;

  /** Starts the worker at once; it loads nothing until {@link load}. Ends with {@link dispose}. */
  constructor(listener: LabListener) {
    this.#listener = listener;
    this.#worker = new Worker(new URL("./lab.worker.ts", import.meta.url), { type: "module", name: "lab" });
    this.#worker.onmessage = (message: MessageEvent<Notice>) => {
      this.#receive(message.data);
    };
    this.#worker.onerror = (event) => {
      const message = `The worker could not start or stopped (${event.message || "no reason given"}). Reload the page.`;
      const failure: Failure = { code: "unexpected", message };
      listener.model({ phase: "failed", failure });
      // A worker that could not start answers no call.
      for (const { reject } of this.#pending.values()) reject(new LabError(failure));
      this.#pending.clear();
    };
  }

  /** Loads a model of the manifest; progress and outcome come as `model` notices. A model already loaded is kept. */
  load(model: string, device: DeviceChoice): void {
    this.#post({ type: "model.load", model, device, base: new URL(".", document.baseURI).href });
  }

  /** Starts a run once the model is ready. @returns the run's id, under which its events come. */
  start(request: RunRequest): string {
    const run = `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${crypto.randomUUID().slice(0, 4)}`;
    this.#post({ type: "run.start", run, request });
    return run;
  }

  /** Stops the run in progress; its log ends with `run.stopped`. Nothing happens when none is. */
  stop(): void {
    this.#post({ type: "run.stop" });
  }

  /** The kept runs, newest first. */
  async list(): Promise<readonly RunSummary[]> {
    return (await this.#call((call) => ({ type: "runs.list", call }))) as readonly RunSummary[];
  }

  /** The whole file of one kept run, as JSON lines. */
  async read(run: string): Promise<string> {
    return (await this.#call((call) => ({ type: "runs.read", call, run }))) as string;
  }

  async remove(run: string): Promise<void> {
    await this.#call((call) => ({ type: "runs.remove", call, run }));
  }

  /** Keeps a run file from elsewhere. @throws LabError naming the line that is not valid. */
  async import(text: string): Promise<RunSummary> {
    return (await this.#call((call) => ({ type: "runs.import", call, text }))) as RunSummary;
  }

  dispose(): void {
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(new Error("the lab was closed"));
    this.#pending.clear();
  }

  #post(command: Command): void {
    this.#worker.postMessage(command);
  }

  #call(command: (call: number) => Command): Promise<unknown> {
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
      this.#post(command(call));
    });
  }

  #receive(notice: Notice): void {
    switch (notice.type) {
      case "model":
        this.#listener.model(notice.state);
        return;
      case "events":
        this.#listener.events(notice.run, notice.events);
        return;
      case "unsaved":
        this.#listener.unsaved(notice.run, notice.failure);
        return;
      case "answer":
      case "refused": {
        const pending = this.#pending.get(notice.call);
        this.#pending.delete(notice.call);
        if (notice.type === "answer") pending?.resolve(notice.value);
        else pending?.reject(new LabError(notice.failure));
      }
    }
  }
}
