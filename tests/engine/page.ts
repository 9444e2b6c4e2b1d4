/** @file The page that tests/browser/engine.test.ts drives: it runs the suite on a device of this browser. */
import type { GenerateRequest, ModelError } from "../../src/cat/models.ts";
import { createLanguageModel, type OnnxLanguageModel } from "../../src/engine/language-model.ts";
import { browserRuntime } from "../../src/engine/ort.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { downloadModel } from "../../src/models/download.ts";
import { findModel, parseManifest } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";
import { engineSuite, type SuiteResult } from "./suite.ts";

export interface PageResult extends SuiteResult {
  readonly device: string;
  readonly adapter: OnnxLanguageModel["adapter"];
}

declare global {
  interface Window {
    /** Loads a model with its self-test, runs the suite, frees everything. */
    runSuite(device: "webgpu" | "wasm", model: "random" | "kitten"): Promise<PageResult>;
    /** @returns what loading with `subgroups` forced was refused with. */
    refusalWithSubgroups(): Promise<{ code: string; message: string } | null>;
    /** Destroys the device under a generation, then loads anew. @returns the error's code, and how many tokens came afterwards. */
    loseDevice(): Promise<{ code: string; tokensAfterwards: number }>;
    /** @returns the error's code of a generation during which the GPU refused a command, whoever gave it. */
    provokeGpuError(): Promise<string>;
    /** Live buffers of the device after each of some generations, one of them left half-way, and after the model is disposed of. */
    countBuffers(): Promise<{ afterEach: number[]; afterDispose: number }>;
  }
}

const REQUEST: GenerateRequest = {
  prompt: "x",
  n: 4,
  noise: { seed: 1, group: 0, purpose: "rollout", rollout: 0 },
  sampling: { temperature: 1, topK: null, topP: null },
  maxTokens: 6,
};

function load(runtime: Runtime): Promise<OnnxLanguageModel> {
  return createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
}

async function loadKitten(runtime: Runtime): Promise<OnnxLanguageModel> {
  const entry = findModel(parseManifest(await (await fetch("models/manifest.json")).json()), "kitten");
  const files = await downloadModel(embeddedSource(location.href), entry);
  return createLanguageModel({ runtime, files, entry });
}

window.runSuite = async (device, name) => {
  const runtime = await browserRuntime(device);
  const model = await (name === "kitten" ? loadKitten(runtime) : load(runtime));
  const result = await engineSuite(model);
  await model.dispose();
  runtime.gpu?.destroy();
  return { ...result, device: model.record.device, adapter: model.adapter };
};

window.refusalWithSubgroups = async () => {
  const runtime = await browserRuntime("webgpu", { forceSubgroups: true });
  try {
    const model = await load(runtime);
    await model.dispose();
    return null;
  } catch (error) {
    return { code: (error as ModelError).code, message: (error as ModelError).message };
  } finally {
    runtime.gpu?.destroy();
  }
};

window.loseDevice = async () => {
  const runtime = await browserRuntime("webgpu");
  const model = await load(runtime);
  let code = "none";
  try {
    for await (const { token } of model.generate([REQUEST])) if (token >= 0) runtime.gpu?.destroy();
  } catch (error) {
    code = (error as ModelError).code;
  }
  await model.dispose();

  const next = await browserRuntime("webgpu");
  const again = await load(next);
  let tokensAfterwards = 0;
  for await (const { token } of again.generate([REQUEST])) tokensAfterwards += Number(token >= 0);
  await again.dispose();
  next.gpu?.destroy();
  return { code, tokensAfterwards };
};

window.provokeGpuError = async () => {
  const runtime = await browserRuntime("webgpu");
  const model = await load(runtime);
  try {
    for await (const { token } of model.generate([REQUEST])) {
      // Two uses that exclude each other.
      if (token >= 0)
        runtime.gpu?.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
    }
    return "none";
  } catch (error) {
    return (error as ModelError).code;
  } finally {
    await model.dispose();
    runtime.gpu?.destroy();
  }
};

window.countBuffers = async () => {
  const runtime = await browserRuntime("webgpu");
  const live = watchBuffers(runtime.gpu!);
  const model = await load(runtime);
  const afterEach: number[] = [];
  for (const leave of [false, false, true, false]) {
    let tokens = 0;
    for await (const { token } of model.generate([REQUEST])) {
      tokens += Number(token >= 0);
      if (leave && tokens === 10) break;
    }
    afterEach.push(live.size);
  }
  await model.dispose();
  const afterDispose = live.size;
  runtime.gpu?.destroy();
  return { afterEach, afterDispose };
};

/** @returns the buffers of the device that were made from now on and not yet destroyed. */
function watchBuffers(gpu: GPUDevice): Set<GPUBuffer> {
  const live = new Set<GPUBuffer>();
  const create = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    live.add(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      destroy();
    };
    return buffer;
  };
  return live;
}
