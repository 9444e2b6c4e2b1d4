/** @file The page that tests/browser/engine.test.ts drives: it runs the suite on a device of this browser. */
import { watchGpu } from "../../scripts/bench-page/watch-gpu.ts";
import type { GenerateRequest, ModelError, SampledToken } from "../../src/cat/models.ts";
import { createLanguageModel, type OnnxLanguageModel } from "../../src/engine/language-model.ts";
import { browserRuntime } from "../../src/engine/page-runtime.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { downloadModel } from "../../src/models/download.ts";
import { findModel, parseManifest } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import { loseWeights, type LostWeights } from "./lost-weights.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";
import { engineSuite, type SuiteResult } from "./suite.ts";
import { type WeightFindings, weightSuite } from "./weight-suite.ts";

export interface PageResult extends SuiteResult {
  readonly device: string;
  readonly adapter: OnnxLanguageModel["adapter"];
}

/** What came of requests, and what was said of it. */
export interface Disturbed {
  readonly rows: readonly (readonly SampledToken[])[];
  readonly decided: readonly (readonly number[])[];
  readonly notices: readonly string[];
}

declare global {
  interface Window {
    /** Loads a model with its self-test and runs the suite. On WebGPU the random model stays for the functions below. */
    runSuite(device: "webgpu" | "wasm", model: "random" | "kitten"): Promise<PageResult>;
    /** @returns what loading with `subgroups` forced was refused with. */
    refusalWithSubgroups(): Promise<{ code: string; message: string } | null>;
    /** @returns the error's code of a generation during which the GPU refused a command, whoever gave it. */
    provokeGpuError(): Promise<string>;
    /**
     * The same requests undisturbed, with the device destroyed under them more than once, and with memory that is full beyond two rows; and
     * the error's code of a generation whose model cannot be had again.
     */
    disturb(): Promise<Record<"undisturbed" | "deviceLost" | "memoryFull", Disturbed> & { codeForGood: string }>;
    /** One graph under several sets of weights. @returns what was said, and how many buffers of weights are left */
    runWeights(): Promise<{ found: WeightFindings; left: number }>;
    /** The device is lost under a set of weights. */
    loseWeights(): Promise<LostWeights>;
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

interface Loaded {
  readonly runtime: Runtime;
  readonly model: OnnxLanguageModel;
  readonly live: ReadonlySet<GPUBuffer>;
}

/** The random model on WebGPU, loaded when first needed: a self-test on a software adapter takes 10 seconds. */
let onGpu: Promise<Loaded> | null = null;

function loadedOnGpu(): Promise<Loaded> {
  onGpu ??= (async () => {
    const runtime = await browserRuntime("webgpu");
    const { live } = watchGpu(runtime.gpu!);
    return { runtime, model: await load(runtime), live };
  })();
  return onGpu;
}

/** For another device: ONNX Runtime takes one at a time. */
async function unloadFromGpu(): Promise<void> {
  const loaded = await onGpu;
  await loaded?.model.dispose();
  loaded?.runtime.dispose();
  onGpu = null;
}

window.runSuite = async (device, name) => {
  if (device === "webgpu" && name === "random") return runOn((await loadedOnGpu()).model);
  const runtime = await browserRuntime(device);
  const model = await (name === "kitten" ? loadKitten(runtime) : load(runtime));
  const result = await runOn(model);
  await model.dispose();
  runtime.dispose();
  return result;
};

async function runOn(model: OnnxLanguageModel): Promise<PageResult> {
  return { ...(await engineSuite(model)), device: model.record.device, adapter: model.adapter };
}

window.refusalWithSubgroups = async () => {
  const runtime = await browserRuntime("webgpu", { forceSubgroups: true });
  try {
    const model = await load(runtime);
    await model.dispose();
    return null;
  } catch (error) {
    return { code: (error as ModelError).code, message: (error as ModelError).message };
  } finally {
    runtime.dispose();
  }
};

window.provokeGpuError = async () => {
  const { runtime, model } = await loadedOnGpu();
  // Two uses that exclude each other.
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE;
  return codeOf(model, () => {
    runtime.gpu!.createBuffer({ size: 16, usage }).destroy();
  });
};

window.runWeights = async () => {
  const { runtime, live } = await loadedOnGpu();
  const found = await weightSuite(runtime);
  // ONNX Runtime keeps its own for as long as the model is there.
  return { found, left: [...live].filter(({ label }) => label === "weight").length };
};

window.loseWeights = async () => {
  await unloadFromGpu();
  const runtime = await browserRuntime("webgpu");
  const lost = await loseWeights(runtime);
  runtime.dispose();
  return lost;
};

/** Eight rows of unlike prompts, longer than those of REQUEST. */
const DISTURBED: readonly GenerateRequest[] = [
  { ...REQUEST, n: 5, maxTokens: 14 },
  { ...REQUEST, n: 3, prompt: "a longer one", maxTokens: 9, noise: { ...REQUEST.noise, group: 1 } },
];

window.disturb = async () => {
  await unloadFromGpu();
  const runtime = await browserRuntime("webgpu");
  const notices: string[] = [];
  runtime.onNotice = ({ code }) => notices.push(code);
  const reload = () => Promise.resolve(randomLlama());
  const model = await createLanguageModel({ runtime, files: randomLlama(), reload, entry: RANDOM_ENTRY });
  const run = async (onToken: (count: number) => void): Promise<Disturbed> => {
    notices.length = 0;
    const rows: SampledToken[][] = DISTURBED.flatMap(({ n }) => Array.from({ length: n }, (): SampledToken[] => []));
    let count = 0;
    for await (const token of model.generate(DISTURBED)) {
      rows[token.request * 5 + token.row]!.push(token);
      onToken(++count);
    }
    const decided = await model.decide(["what is it", "what is that"], ["a", "b"]);
    return { rows, decided, notices: [...notices] };
  };
  const undisturbed = await run(() => undefined);
  let losses = 0;
  const deviceLost = await run((count) => {
    // Once between two steps, and on the new device at the last token, for `decide`.
    const all = undisturbed.rows.reduce((sum, { length }) => sum + length, 0);
    if (![20, all].includes(count)) return;
    losses++;
    runtime.gpu!.destroy();
  });
  if (losses !== 2) throw new Error(`the device was destroyed ${losses} times, not 2`);
  const gpu = runtime.gpu!;
  const create = gpu.createBuffer.bind(gpu);
  const slots = 4 * KV_BYTES;
  gpu.createBuffer = (descriptor) => {
    const isFull = descriptor.label === "kv" && descriptor.size >= slots;
    const error = new GPUOutOfMemoryError("made up: no more than two rows and one prompt");
    if (isFull) gpu.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
    return create(descriptor);
  };
  const memoryFull = await run(() => undefined);
  gpu.createBuffer = create;
  const withoutReload = await load(runtime);
  const codeForGood = await codeOf(withoutReload, () => {
    gpu.destroy();
  });
  await withoutReload.dispose();
  await model.dispose();
  runtime.dispose();
  return { undisturbed, deviceLost, memoryFull, codeForGood };
};

/** Of one slot of the random model's cache: heads, tokens of a block, head size, bytes. */
const KV_BYTES = 2 * 64 * 32 * 4;

window.countBuffers = async () => {
  const { runtime, model, live } = await loadedOnGpu();
  const afterEach: number[] = [];
  for (const most of [Infinity, Infinity, 10, ...Array<number>(47).fill(Infinity)]) {
    await generate(model, most, undefined, { ...REQUEST, maxTokens: 3 });
    afterEach.push(live.size);
  }
  await model.dispose();
  const afterDispose = live.size;
  runtime.dispose();
  onGpu = null;
  return { afterEach, afterDispose };
};

/** Takes tokens until there are `most`, then leaves. @returns how many it took */
async function generate(
  model: OnnxLanguageModel,
  most: number,
  onToken?: () => void,
  request: GenerateRequest = REQUEST,
): Promise<number> {
  let tokens = 0;
  for await (const { token } of model.generate([request])) {
    tokens += Number(token >= 0);
    onToken?.();
    if (tokens === most) break;
  }
  return tokens;
}

/** @returns the error's code of a generation with `act` at its first token. */
async function codeOf(model: OnnxLanguageModel, act: () => void): Promise<string> {
  let acted = false;
  try {
    await generate(model, Infinity, () => {
      if (!acted) act();
      acted = true;
    });
    return "none";
  } catch (error) {
    return (error as ModelError).code;
  }
}
