/** @file The worker's hub models: downloads that can be paused, what is kept of them, and their files for a load. How files are fetched is in src/models, where they are kept in src/store. */
import { ModelError } from "../cat/models.ts";
import { findVariant } from "../models/catalogue.ts";
import { lookUp } from "../models/look-up.ts";
import { downloadHubFiles } from "../models/hub-download.ts";
import type { HubToken } from "../models/file-request.ts";
import type { Progress } from "../models/progress-meter.ts";
import { keepModel, keptModel, modelParts, removeModel, removeParts } from "../store/model-files.ts";
import { loadTexts, typedModels } from "../store/model-texts.ts";
import { failureOf } from "./failure.ts";
import type { FoundModel } from "./found-models.ts";
import { partNames, wantedFiles } from "./hub-files.ts";
import { keepTyped, knownModels } from "./known-models.ts";
import { reportModels, verifyModel } from "./hub-report.ts";
import { exportModel, findAtHand, takeModel } from "./carry-models.ts";
import { type DownloadState, HUB, type HubPlace, type ModelsCommand, type ModelZip, type Notice } from "./protocol.ts";

/** Answered once. */
type ModelsCall = Extract<ModelsCommand, { call: number }>;

const PAUSED = "The download was paused. Go on with it under Models.";

/** What is done about a model; says how it goes. @returns the last that is to be said */
type Work = (
  say: (state: DownloadState) => void,
  stop: AbortSignal,
  listeners: Job["listeners"],
) => Promise<DownloadState>;

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
        this.#download(command.model, command.base).done.catch(() => undefined);
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
    const job = this.#download(model, base);
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

  /** Begins it, unless one is going on. */
  #download(model: string, base: string): Job {
    return (
      this.#jobs.get(model) ??
      this.#job(model, async (say, stop, listeners) => {
        const notes: string[] = [];
        say({ phase: "asking" });
        await this.#fetch(model, base, stop, {
          onProgress: (progress) => {
            say({ phase: "running", ...progress, notes });
            for (const listener of listeners) listener(progress);
          },
          onNote: (text) => {
            notes.push(text);
          },
        });
        return { phase: "done", notes };
      })
    );
  }

  #job(model: string, work: Work): Job {
    const abort = new AbortController();
    const listeners: Job["listeners"] = new Set();
    const job: Job = { abort, listeners, done: this.#run(model, work, abort.signal, listeners) };
    this.#jobs.set(model, job);
    return job;
  }

  async #run(model: string, work: Work, stop: AbortSignal, listeners: Job["listeners"]): Promise<void> {
    const say = (state: DownloadState): void => {
      this.#post({ type: "download", model, state });
    };
    try {
      const last = await work(say, stop, listeners);
      this.#jobs.delete(model);
      say(last);
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
    const found = findVariant(await knownModels(base), key);
    const before = await keptModel(key);
    const wanted = await wantedFiles(found, this.#place, before?.files ?? []);
    const commits: string[] = [];
    const files = await downloadHubFiles(wanted, {
      store: modelParts,
      room: freeRoom,
      token: this.#token(),
      stop,
      now: () => performance.now(),
      onCommit: (commit) => commits.push(commit),
      ...heard,
    });
    if (commits.length > 1) {
      heard.onNote(
        "The hub changed this model while it was fetched: its files are of several commits. If it fails, delete it and fetch it again.",
      );
    }
    const commit = before?.commit ?? (commits.length === 1 ? commits[0]! : null);
    const savedAt = before?.savedAt ?? new Date().toISOString();
    const { revision } = found.model;
    const usedAt = before?.usedAt ?? null;
    await keepModel({ model: key, revision, commit, savedAt, usedAt, files }, await partNames(found));
  }

  #token(): HubToken | null {
    const { host, token } = this.#place;
    return token === null ? null : { value: token, origin: new URL(host).origin };
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
        const found = findVariant(await knownModels(command.base), command.model);
        await removeParts(await partNames(found));
        return null;
      }
      case "models.lookUp": {
        const { host, layout } = this.#place;
        const stop = new AbortController().signal;
        const found = await lookUp(command.id, { host, layout, token: this.#token(), stop });
        await keepTyped(found);
        return null;
      }
      case "models.forget":
        await typedModels.forget(command.id);
        return null;
      case "models.remove":
        await this.#end(command.model);
        await removeModel(command.model);
        await loadTexts.forget(command.model);
        return null;
      case "models.import":
        return this.#import(command);
      case "models.export":
        return this.#export(command.model);
    }
  }

  /** One after the other: they come from one stick. @returns what is here now; stopped, what came before */
  async #import({ files, base }: Extract<ModelsCall, { type: "models.import" }>): Promise<readonly string[]> {
    const known = await knownModels(base);
    const found = await findAtHand(files, known);
    const here: string[] = [];
    for (const model of found) {
      await this.#end(model.key);
      const job = this.#job(model.key, async (say, stop) => {
        const importing = (progress: Progress): void => {
          say({ phase: "importing", ...progress });
        };
        importing({ loadedBytes: 0, totalBytes: sizeOf(model), bytesPerSecond: null, secondsLeft: null });
        await takeModel(model, freeRoom, stop, importing);
        if (!known.models.some(({ id }) => id === model.model.id)) await keepTyped(model.model);
        return { phase: "done", notes: [] };
      });
      if (!(await endedWell(job))) return here;
      here.push(model.key);
    }
    return here;
  }

  /** @returns `null` if it was stopped */
  async #export(model: string): Promise<ModelZip | null> {
    await this.#end(model);
    let zip: ModelZip | null = null;
    const job = this.#job(model, async (say, stop) => {
      zip = await exportModel(model, stop, (progress) => {
        say({ phase: "exporting", ...progress });
      });
      return { phase: "exported" };
    });
    return (await endedWell(job)) ? zip : null;
  }

  async #end(model: string): Promise<void> {
    const job = this.#jobs.get(model);
    job?.abort.abort(new ModelError("file-missing", "The download was given up."));
    await job?.done.catch(() => undefined);
  }
}

/** @returns whether nobody stopped it. @throws what went wrong by itself */
async function endedWell({ done, abort }: Job): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (abort.signal.aborted) return false;
    throw error;
  }
}

function sizeOf({ files }: FoundModel): number {
  return [...files.values()].reduce((sum, { size }) => sum + size, 0);
}

async function freeRoom(): Promise<number | null> {
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : quota - usage;
}
