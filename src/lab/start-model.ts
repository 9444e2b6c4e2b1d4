/** @file What policy and judge have in common on their way to being ready: download, start, and the step from WebGPU to wasm. */
import { ModelError } from "../cat/models.ts";
import { createLanguageModel, type OnnxLanguageModel } from "../engine/language-model.ts";
import type { Runtime } from "../engine/runtime.ts";
import { type DownloadedModel, downloadModel } from "../models/download.ts";
import { type Manifest, type ModelEntry, trainablePolicy } from "../models/manifest.ts";
import { embeddedSource } from "../models/source.ts";
import type { DeviceChoice, ModelState } from "./protocol.ts";

export interface LoadOptions {
  readonly progress: (state: ModelState) => void;
  /** Ends the load with the reason of the stop. */
  readonly stop: AbortSignal;
}

/** See `ModelState`. */
export type Why = Extract<ModelState, { phase: "ready" }>["why"];

/** A model's files, and the way to have them again. */
export interface Fetched {
  readonly entry: ModelEntry;
  readonly files: DownloadedModel;
  readonly reload: () => Promise<DownloadedModel>;
}

/** @throws {ModelError} `file-missing`, `file-damaged`; the reason of `stop` */
export async function fetchFiles(base: string, entry: ModelEntry, { progress, stop }: LoadOptions): Promise<Fetched> {
  const totalBytes = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  progress({ phase: "downloading", loadedBytes: 0, totalBytes });
  const onProgress = (loadedBytes: number) => {
    progress({ phase: "downloading", loadedBytes, totalBytes });
  };
  const files = await downloadModel(embeddedSource(base), entry, { onProgress, stop });
  // A lost device needs the weights once more; to keep a copy all the time would be dearer.
  return { entry, files, reload: () => downloadModel(embeddedSource(base), entry) };
}

/** The embedded policy of a domain: the files that ship, and the weights that a training starts from. @throws as {@link fetchFiles} */
export async function fetchTrainable(
  base: string,
  manifest: Manifest,
  domain: string,
  options: LoadOptions,
): Promise<Fetched> {
  return fetchFiles(base, trainablePolicy(manifest, domain), options);
}

/** @throws as `createLanguageModel`; the reason of `stop` between its phases */
export async function startModel(
  runtime: Runtime,
  fetched: Fetched,
  { progress, stop }: LoadOptions,
): Promise<OnnxLanguageModel> {
  const onPhase = (phase: "starting" | "checking") => {
    stop.throwIfAborted();
    progress({ phase });
  };
  return createLanguageModel({ runtime, ...fetched, onPhase });
}

export interface Fallback {
  readonly choice: DeviceChoice;
  /** Where `choice` led. */
  readonly device: "webgpu" | "wasm";
}

/** Starts where it was meant to; where `auto` meant WebGPU, on wasm if that fails. @returns with it, why it is not where it was meant to be. */
export async function startOrFallBack<T>(
  { choice, device }: Fallback,
  start: (on: "webgpu" | "wasm") => Promise<T>,
): Promise<{ readonly started: T; readonly why: Why }> {
  try {
    return { started: await start(device), why: null };
  } catch (error) {
    if (!(choice === "auto" && device === "webgpu" && mayRunElsewhere(error))) throw error;
    return { started: await start("wasm"), why: error.code === "self-test-failed" ? "self-test" : "webgpu-failed" };
  }
}

/** What is wrong with the files is wrong on every device. */
function mayRunElsewhere(error: unknown): error is ModelError {
  return error instanceof ModelError && error.code !== "file-missing" && error.code !== "file-damaged";
}
