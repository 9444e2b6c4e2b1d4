/** @file From a model's name to a policy that is ready: manifest, device choice, download, self-test, fallback. Comes in a chunk of its own, with ONNX Runtime. */
import type { LanguageModel, Sampling } from "../cat/models.ts";
import { probeAdapter } from "../engine/device.ts";
import type { OnnxLanguageModel } from "../engine/language-model.ts";
import { readGeneration } from "../models/generation.ts";
import { fetchManifest, findModel, type Manifest } from "../models/manifest.ts";
import type { AdapterRecord, RunModel } from "../run/event.ts";
import { type FetchJudge, type LoadedJudge, loadJudge } from "./load-judge.ts";
import type { NoticeSource } from "./notices.ts";
import type { DeviceChoice, Failure } from "./protocol.ts";
import { type SharedRuntime, shareRuntime } from "./shared-runtime.ts";
import { startReported } from "./report-load.ts";
import { type Fetched, fetchFiles, type LoadOptions, startModel, startOrFallBack, type Why } from "./start-model.ts";

/** A model as the Lab has it, in this page or on a server. */
export interface LabModel extends LanguageModel {
  readonly record: RunModel;
  /** `null` unless it runs on WebGPU. */
  readonly adapter: AdapterRecord | null;
}

export interface LoadedModel extends NoticeSource {
  readonly model: LabModel;
  /** Of a policy that was trained: what it was before. `null`: the model is its own anchor. */
  readonly anchor: LabModel | null;
  /** What its generation_config.json asks for. */
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** See `ModelState`. */
  readonly domains: readonly string[];
  readonly why: Why;
  /** Settles if the device is lost and no other can be had; never otherwise. */
  readonly lost: Promise<Failure>;
  /** Loads a judge onto the same device: the page's own unless `fetch` brings another. Whoever calls disposes of it, before this model. */
  loadJudge(options: LoadOptions, fetch?: FetchJudge): Promise<LoadedJudge>;
  /** Frees the weights and, if nothing else is on it, the device, even if the weights cannot be freed. Call once no run uses it. */
  dispose(): Promise<void>;
}

export type LoadModel = (id: string, choice: DeviceChoice, base: string, options: LoadOptions) => Promise<LoadedModel>;

/**
 * @param base address of the page's folder.
 * @throws {ModelError} when it cannot be had on the chosen device; `auto` falls back to wasm before that. The reason of `stop`.
 */
export const loadModel: LoadModel = async (id, choice, base, options) => {
  const manifest = await fetchManifest(new URL("models/manifest.json", base));
  const fetched = await fetchFiles(base, findModel(manifest, id), options);
  return loadOnDevice(fetched, null, { manifest, choice, base, options });
};

export interface ModelPlace {
  readonly manifest: Manifest;
  readonly choice: DeviceChoice;
  readonly base: string;
  readonly options: LoadOptions;
}

/** @param anchor of a model that is no anchor itself @throws as {@link loadModel} */
export async function loadOnDevice(
  fetched: Fetched,
  anchor: Fetched | null,
  { manifest, choice, base, options }: ModelPlace,
): Promise<LoadedModel> {
  const { device, why } = await chooseDevice(choice);
  const generation = readGeneration(fetched.files);
  // A model of one's own making is nobody else's.
  const start = anchor === null ? startReported : startModel;
  const { started, why: fallback } = await startOrFallBack({ choice, device }, async (on) => {
    const shared = await shareRuntime(on);
    const models: OnnxLanguageModel[] = [];
    try {
      for (const each of [fetched, anchor]) {
        if (each !== null) models.push(await start(shared.runtime, each, options));
      }
      return { shared, models };
    } catch (error) {
      for (const model of models) await model.dispose();
      shared.leave();
      throw error;
    }
  });
  const host = { manifest, base, choice, runtime: started.shared.runtime };
  return {
    ...ready(started),
    ...generation,
    domains: fetched.entry.domains,
    why: fallback ?? why,
    loadJudge: (judgeOptions, fetch) => loadJudge(host, judgeOptions, fetch),
  };
}

function ready({ shared, models }: { shared: SharedRuntime; models: readonly OnnxLanguageModel[] }) {
  const { runtime } = shared;
  const lost = runtime.gone.then(({ code, message }): Failure => ({ code, message }));
  const dispose = async () => {
    try {
      for (const model of models) await model.dispose();
    } finally {
      shared.leave();
    }
  };
  const onNotice: NoticeSource["onNotice"] = (listener) => {
    runtime.onNotice = listener;
  };
  const [model, anchor = null] = models;
  return { model: model!, anchor, lost, onNotice, dispose };
}

/** A software adapter is slower than wasm, so `auto` takes a hardware adapter or none. */
export async function chooseDevice(choice: DeviceChoice): Promise<{ device: "webgpu" | "wasm"; why: Why }> {
  if (choice !== "auto") return { device: choice, why: null };
  const adapter = await probeAdapter();
  if (adapter === null) return { device: "wasm", why: "no-webgpu" };
  return adapter.isFallback ? { device: "wasm", why: "software-adapter" } : { device: "webgpu", why: null };
}
