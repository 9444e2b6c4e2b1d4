/** @file From a model's name to a model that is ready: manifest, device choice, download, self-test, fallback. Comes in a chunk of its own, with ONNX Runtime. */
import { ModelError, type Sampling } from "../cat/models.ts";
import { probeAdapter } from "../engine/device.ts";
import { createLanguageModel, type OnnxLanguageModel } from "../engine/language-model.ts";
import { browserRuntime } from "../engine/ort.ts";
import type { Runtime } from "../engine/runtime.ts";
import { downloadModel } from "../models/download.ts";
import { readGeneration } from "../models/generation.ts";
import { fetchManifest, findModel } from "../models/manifest.ts";
import { embeddedSource } from "../models/source.ts";
import type { DeviceChoice, Failure, ModelState } from "./protocol.ts";

export interface LoadedModel {
  readonly model: OnnxLanguageModel;
  /** What its generation_config.json asks for. */
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** See `ModelState`. */
  readonly why: Extract<ModelState, { phase: "ready" }>["why"];
  /** Settles if the device is lost; never otherwise. */
  readonly lost: Promise<Failure>;
  /** Frees the weights and, on WebGPU, the device, even if the weights cannot be freed. Call once no run uses it. */
  dispose(): Promise<void>;
}

export interface LoadOptions {
  readonly progress: (state: ModelState) => void;
  /** Ends the load with the reason of the stop. */
  readonly stop: AbortSignal;
}

export type LoadModel = (id: string, choice: DeviceChoice, base: string, options: LoadOptions) => Promise<LoadedModel>;

/**
 * @param base address of the page's folder.
 * @throws {ModelError} when it cannot be had on the chosen device; `auto` falls back to wasm before that. The reason of `stop`.
 */
export const loadModel: LoadModel = async (id, choice, base, { progress, stop }) => {
  const { device, why } = await chooseDevice(choice);
  const entry = findModel(await fetchManifest(new URL("models/manifest.json", base)), id);
  const totalBytes = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  progress({ phase: "downloading", loadedBytes: 0, totalBytes });
  const files = await downloadModel(embeddedSource(base), entry, {
    onProgress: (loadedBytes) => {
      progress({ phase: "downloading", loadedBytes, totalBytes });
    },
    stop,
  });
  const generation = readGeneration(files);
  const onPhase = (phase: "starting" | "checking") => {
    stop.throwIfAborted();
    progress({ phase });
  };
  const start = async (on: "webgpu" | "wasm"): Promise<{ runtime: Runtime; model: OnnxLanguageModel }> => {
    const runtime = await browserRuntime(on);
    try {
      return { runtime, model: await createLanguageModel({ runtime, files, entry, onPhase }) };
    } catch (error) {
      runtime.gpu?.destroy();
      throw error;
    }
  };
  try {
    return { ...ready(await start(device)), ...generation, why };
  } catch (error) {
    if (!(choice === "auto" && device === "webgpu" && mayRunElsewhere(error))) throw error;
    const why = error.code === "self-test-failed" ? "self-test" : "webgpu-failed";
    return { ...ready(await start("wasm")), ...generation, why };
  }
};

/** What is wrong with the files is wrong on every device. */
function mayRunElsewhere(error: unknown): error is ModelError {
  return error instanceof ModelError && error.code !== "file-missing" && error.code !== "file-damaged";
}

function ready({ runtime, model }: { runtime: Runtime; model: OnnxLanguageModel }) {
  const lost = runtime.loss.happened.then(({ code, message }): Failure => ({ code, message }));
  const dispose = async () => {
    try {
      await model.dispose();
    } finally {
      runtime.gpu?.destroy();
    }
  };
  return { model, lost, dispose };
}

/** A software adapter is slower than wasm, so `auto` takes a hardware adapter or none. */
async function chooseDevice(choice: DeviceChoice): Promise<{ device: "webgpu" | "wasm"; why: LoadedModel["why"] }> {
  if (choice !== "auto") return { device: choice, why: null };
  const adapter = await probeAdapter();
  if (adapter === null) return { device: "wasm", why: "no-webgpu" };
  return adapter.isFallback ? { device: "wasm", why: "software-adapter" } : { device: "webgpu", why: null };
}
