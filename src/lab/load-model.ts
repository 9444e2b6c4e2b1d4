/** @file From a model's name to a policy that is ready: manifest, device choice, download, self-test, fallback. Comes in a chunk of its own, with ONNX Runtime. */
import type { Sampling } from "../cat/models.ts";
import { probeAdapter } from "../engine/device.ts";
import type { OnnxLanguageModel } from "../engine/language-model.ts";
import { browserRuntime } from "../engine/page-runtime.ts";
import type { Runtime } from "../engine/runtime.ts";
import { readGeneration } from "../models/generation.ts";
import { fetchManifest, findModel } from "../models/manifest.ts";
import { type LoadedJudge, loadJudge } from "./load-judge.ts";
import type { NoticeSource } from "./notices.ts";
import type { DeviceChoice, Failure } from "./protocol.ts";
import { fetchFiles, type LoadOptions, startModel, startOrFallBack, type Why } from "./start-model.ts";

export interface LoadedModel extends NoticeSource {
  readonly model: OnnxLanguageModel;
  /** What its generation_config.json asks for. */
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** See `ModelState`. */
  readonly domains: readonly string[];
  readonly why: Why;
  /** Settles if the device is lost and no other can be had; never otherwise. */
  readonly lost: Promise<Failure>;
  /** Loads the judge onto the same device. Whoever calls disposes of it, before this model. */
  loadJudge(options: LoadOptions): Promise<LoadedJudge>;
  /** Frees the weights and, on WebGPU, the device, even if the weights cannot be freed. Call once no run uses it. */
  dispose(): Promise<void>;
}

export type LoadModel = (id: string, choice: DeviceChoice, base: string, options: LoadOptions) => Promise<LoadedModel>;

/**
 * @param base address of the page's folder.
 * @throws {ModelError} when it cannot be had on the chosen device; `auto` falls back to wasm before that. The reason of `stop`.
 */
export const loadModel: LoadModel = async (id, choice, base, options) => {
  const { device, why } = await chooseDevice(choice);
  const manifest = await fetchManifest(new URL("models/manifest.json", base));
  const entry = findModel(manifest, id);
  const fetched = await fetchFiles(base, entry, options);
  const generation = readGeneration(fetched.files);
  const { started, why: fallback } = await startOrFallBack({ choice, device }, async (on) => {
    const runtime = await browserRuntime(on);
    try {
      return { runtime, model: await startModel(runtime, fetched, options) };
    } catch (error) {
      runtime.dispose();
      throw error;
    }
  });
  const host = { manifest, base, choice, runtime: started.runtime };
  return {
    ...ready(started),
    ...generation,
    domains: entry.domains,
    why: fallback ?? why,
    loadJudge: (judgeOptions) => loadJudge(host, judgeOptions),
  };
};

function ready({ runtime, model }: { runtime: Runtime; model: OnnxLanguageModel }) {
  const lost = runtime.gone.then(({ code, message }): Failure => ({ code, message }));
  const dispose = async () => {
    try {
      await model.dispose();
    } finally {
      runtime.dispose();
    }
  };
  const onNotice: NoticeSource["onNotice"] = (listener) => {
    runtime.onNotice = listener;
  };
  return { model, lost, onNotice, dispose };
}

/** A software adapter is slower than wasm, so `auto` takes a hardware adapter or none. */
async function chooseDevice(choice: DeviceChoice): Promise<{ device: "webgpu" | "wasm"; why: Why }> {
  if (choice !== "auto") return { device: choice, why: null };
  const adapter = await probeAdapter();
  if (adapter === null) return { device: "wasm", why: "no-webgpu" };
  return adapter.isFallback ? { device: "wasm", why: "software-adapter" } : { device: "webgpu", why: null };
}
