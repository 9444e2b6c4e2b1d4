/** @file What the worker does with commands: one model, one run at a time, the kept runs. How each of them works is injected: see lab.worker.ts. */
import { ModelError } from "../cat/models.ts";
import type { LoadedModel, LoadModel } from "./load-model.ts";
import type { Command, Failure, ImportedRun, Notice, RunRequest, RunSummary } from "./protocol.ts";
import type { RunListener } from "./run-lab.ts";

export interface LabParts {
  readonly post: (notice: Notice) => void;
  readonly loadModel: LoadModel;
  /** Ends when the log has ended; throws only if it ended without its last event. */
  readonly runLab: (
    run: string,
    request: RunRequest,
    model: LoadedModel,
    stop: AbortSignal,
    listener: RunListener,
  ) => Promise<void>;
  readonly library: {
    list(): Promise<readonly RunSummary[]>;
    read(run: string): Promise<string>;
    remove(run: string): Promise<void>;
    restore(run: string, text: string): Promise<void>;
    import(text: string): Promise<ImportedRun>;
  };
}

type LoadCommand = Extract<Command, { type: "model.load" }>;

/** One `model.load` and what came of it. */
interface Load {
  /** What was asked for: model and device. */
  readonly key: string;
  readonly abort: AbortController;
  readonly loaded: Promise<LoadedModel>;
  /** Set once it failed or its device was lost; what it holds is still freed by the next load. */
  failure: Failure | null;
}

export class Lab {
  readonly #parts: LabParts;
  /** The last load. Earlier ones have nothing to say any more: their devices are destroyed on purpose. */
  #model: Load | undefined;
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(parts: LabParts) {
    this.#parts = parts;
  }

  handle(command: Command): void {
    const { library } = this.#parts;
    switch (command.type) {
      case "model.load":
        this.#load(command);
        return;
      case "run.start":
        this.#start(command.run, command.request);
        return;
      case "run.stop":
        this.#running?.abort.abort();
        return;
      case "runs.list":
        void this.#answer(command.call, library.list());
        return;
      case "runs.read":
        void this.#answer(command.call, library.read(command.run));
        return;
      case "runs.remove":
        void this.#answer(command.call, library.remove(command.run));
        return;
      case "runs.restore":
        void this.#answer(command.call, library.restore(command.run, command.text));
        return;
      case "runs.import":
        void this.#answer(command.call, library.import(command.text));
        return;
      default:
        command satisfies never;
    }
  }

  /** A model that failed is loaded anew; one that is there or on its way is kept. */
  #load(command: LoadCommand): void {
    const { post } = this.#parts;
    const before = this.#model;
    const key = `${command.model} ${command.device}`;
    if (before?.key === key && before.failure === null) return;
    before?.abort.abort(new Error("Another model or device was chosen meanwhile. Start the run again."));

    const abort = new AbortController();
    const loaded = this.#replace(before, async () => {
      abort.signal.throwIfAborted();
      return this.#parts.loadModel(command.model, command.device, command.base, {
        progress(state) {
          if (!abort.signal.aborted) post({ type: "model", state });
        },
        stop: abort.signal,
      });
    });
    const mine: Load = { key, abort, loaded, failure: null };
    this.#model = mine;
    void this.#report(mine);
  }

  /** Frees what holds the memory that a new model may need: the run in progress and the model before. */
  async #replace(before: Load | undefined, load: () => Promise<LoadedModel>): Promise<LoadedModel> {
    const running = this.#running;
    running?.abort.abort();
    await running?.ended;
    try {
      await (await before?.loaded)?.dispose();
    } catch {
      // It failed to load, which was said then, or to be freed, which must not keep the next from loading.
    }
    return load();
  }

  async #report(mine: Load): Promise<void> {
    const fail = (failure: Failure): void => {
      if (this.#model !== mine) return;
      mine.failure = failure;
      this.#parts.post({ type: "model", state: { phase: "failed", failure } });
    };
    try {
      const { model, why, lost } = await mine.loaded;
      if (this.#model !== mine) return;
      this.#parts.post({
        type: "model",
        state: { phase: "ready", record: model.record, adapter: model.adapter, why },
      });
      void lost.then(fail);
    } catch (error) {
      fail(failureOf(error));
    }
  }

  /** Takes the place of the run in progress at once, so that two in one tick never run side by side. */
  #start(run: string, request: RunRequest): void {
    const before = this.#running;
    before?.abort.abort();
    const abort = new AbortController();
    this.#running = { abort, ended: this.#run(run, request, abort.signal, before?.ended) };
  }

  /** Never throws: a run that cannot begin, or that ends without its last event, is said to be lost. */
  async #run(run: string, request: RunRequest, stop: AbortSignal, before: Promise<void> | undefined): Promise<void> {
    const { post, runLab } = this.#parts;
    const load = this.#model;
    try {
      await before;
      if (load === undefined) throw new Error("No model is loaded. Load the model, then run again.");
      const model = await load.loaded;
      if (load.failure !== null) {
        post({ type: "run.lost", run, failure: load.failure });
        return;
      }
      await runLab(run, request, model, stop, {
        events(events) {
          post({ type: "events", run, events });
        },
        unsaved(error) {
          post({ type: "unsaved", run, failure: failureOf(error) });
        },
      });
    } catch (error) {
      post({ type: "run.lost", run, failure: failureOf(error) });
    }
  }

  async #answer(call: number, value: Promise<unknown>): Promise<void> {
    try {
      this.#parts.post({ type: "answer", call, value: await value });
    } catch (error) {
      this.#parts.post({ type: "refused", call, failure: failureOf(error) });
    }
  }
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof ModelError ? error.code : "unexpected", message };
}
