/** @file The worker's hub models: downloads that can be paused, what is kept of them, and their files for a load. How files are fetched is in src/models, where they are kept in src/store. */
import { ModelError } from "../cat/models.ts";
import { fetchCatalogue, findVariant } from "../models/catalogue.ts";
import { downloadHubFiles } from "../models/hub-download.ts";
import type { Progress } from "../models/progress-meter.ts";
import { keepModel, keptModel, modelParts, removeModel, removeParts } from "../store/model-files.ts";
import { failureOf } from "./failure.ts";
import { partNames, wantedFiles } from "./hub-files.ts";
import { reportModels, verifyModel } from "./hub-report.ts";
import { HUB, type HubPlace, type ModelsCommand, type Notice } from "./protocol.ts";

/** Answered once. */
type ModelsCall = Extract<ModelsCommand, { call: number }>;

const PAUSED = "The download was paused. Go on with it under Models.";

interface Job {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  readonly listeners: Set<(progress: Progress) => void>;
}

export class HubModels {
  readonly #post: (notice: Notice) => void;
  /** Downloads that are going on, by model. */
  readonly #jobs = new Map<string, Job>();
  #place: HubPlace = HUB;

  constructor(post: (notice: Notice) => void) {
    this.#post = post;
  }

  handle(command: ModelsCommand): void {
    switch (command.type) {
      case "models.place":
        this.#place = command.place;
        return;
      case "models.download":
        // How it goes is said in notices.
        this.#job(command.model, command.base).done.catch(() => undefined);
        return;
      case "models.pause":
        this.#jobs.get(command.model)?.abort.abort(new ModelError("file-missing", PAUSED));
        return;
      default:
        void this.#answer(command);
    }
  }

  /**
   * Until all files of a model are here. Joins a download that is going on; `stop` ends only one that was begun here.
   * @throws {ModelError} as `downloadHubFiles`; the reason of `stop`
   */
  async download(
    model: string,
    base: string,
    stop: AbortSignal,
    listener: (progress: Progress) => void,
  ): Promise<void> {
    stop.throwIfAborted();
    const joined = this.#jobs.has(model);
    const job = this.#job(model, base);
    job.listeners.add(listener);
    const stopped = (): void => {
      if (!joined) job.abort.abort(stop.reason);
    };
    stop.addEventListener("abort", stopped);
    try {
      await job.done;
    } finally {
      stop.removeEventListener("abort", stopped);
      job.listeners.delete(listener);
    }
    stop.throwIfAborted();
  }

  #job(model: string, base: string): Job {
    const running = this.#jobs.get(model);
    if (running !== undefined) return running;
    const abort = new AbortController();
    const listeners: Job["listeners"] = new Set();
    const job: Job = { abort, listeners, done: this.#run(model, base, abort.signal, listeners) };
    this.#jobs.set(model, job);
    return job;
  }

  async #run(model: string, base: string, stop: AbortSignal, listeners: Job["listeners"]): Promise<void> {
    const notes: string[] = [];
    const say = (state: Extract<Notice, { type: "download" }>["state"]): void => {
      this.#post({ type: "download", model, state });
    };
    say({ phase: "asking" });
    try {
      await this.#fetch(model, base, stop, {
        onProgress: (progress) => {
          say({ phase: "running", ...progress, notes });
          for (const listener of listeners) listener(progress);
        },
        onNote: (text) => {
          notes.push(text);
        },
      });
      this.#jobs.delete(model);
      say({ phase: "done", notes });
    } catch (error) {
      this.#jobs.delete(model);
      say(stop.aborted ? { phase: "paused" } : { phase: "failed", failure: failureOf(error) });
      throw error;
    }
  }

  async #fetch(
    key: string,
    base: string,
    stop: AbortSignal,
    heard: { readonly onProgress: (progress: Progress) => void; readonly onNote: (text: string) => void },
  ): Promise<void> {
    const found = findVariant(await fetchCatalogue(base), key);
    const before = await keptModel(key);
    const { host, token } = this.#place;
    const wanted = await wantedFiles(found, this.#place, before?.files ?? []);
    const files = await downloadHubFiles(wanted, {
      store: modelParts,
      room: freeRoom,
      token: token === null ? null : { value: token, origin: new URL(host).origin },
      stop,
      now: () => performance.now(),
      ...heard,
    });
    const savedAt = before?.savedAt ?? new Date().toISOString();
    const { revision } = found.model;
    await keepModel({ model: key, revision, savedAt, usedAt: before?.usedAt ?? null, files }, await partNames(found));
  }

  async #answer(command: ModelsCall): Promise<void> {
    const { call } = command;
    try {
      this.#post({ type: "answer", call, value: await this.#valueOf(command) });
    } catch (error) {
      this.#post({ type: "refused", call, failure: failureOf(error) });
    }
  }

  async #valueOf(command: ModelsCall): Promise<unknown> {
    switch (command.type) {
      case "models.list":
        return reportModels(command.base);
      case "models.verify":
        return verifyModel(command.model);
      case "models.cancel": {
        await this.#end(command.model);
        const found = findVariant(await fetchCatalogue(command.base), command.model);
        await removeParts(await partNames(found));
        return null;
      }
      case "models.remove":
        await this.#end(command.model);
        await removeModel(command.model);
        return null;
    }
  }

  async #end(model: string): Promise<void> {
    const job = this.#jobs.get(model);
    job?.abort.abort(new ModelError("file-missing", "The download was given up."));
    await job?.done.catch(() => undefined);
  }
}

async function freeRoom(): Promise<number | null> {
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : quota - usage;
}
