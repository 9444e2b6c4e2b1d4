/** @file The page that tests/browser/decoders.test.ts drives: decoders of several families and exporters on this browser's GPU. */
import type { ModelError } from "../../src/cat/models.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { browserRuntime } from "../../src/engine/page-runtime.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { decoderFiles, type DecoderName, decoderSuite, type Differences, type Golden } from "./decoders.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { collect } from "./suite.ts";

declare global {
  interface Window {
    /** Does the GPU compute in half precision? */
    hasHalf(): Promise<boolean>;
    /** @returns the differences, or what loading was refused with */
    runDecoder(device: "webgpu" | "wasm", name: DecoderName): Promise<Differences | { code: string; message: string }>;
    /** Loads with the self-test. @returns a greedy answer, drawn by the GPU's sampler */
    generateGreedily(name: DecoderName): Promise<number[]>;
  }
}

let opened: Promise<Runtime> | null = null;

function gpuRuntime(): Promise<Runtime> {
  opened ??= browserRuntime("webgpu");
  return opened;
}

async function fetched(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`fixtures/${path}`)).arrayBuffer());
}

async function filesOf(name: DecoderName) {
  return decoderFiles(await fetched(`${name}.onnx`), await fetched(`${family(name)}/config.json`));
}

function family(name: DecoderName): string {
  return name.split("/")[0]!;
}

window.hasHalf = async () => (await gpuRuntime()).gpu!.features.has("shader-f16");

window.runDecoder = async (device, name) => {
  const golden = JSON.parse(new TextDecoder().decode(await fetched(`${family(name)}/golden.json`))) as Golden;
  const runtime = device === "wasm" ? await browserRuntime("wasm") : await gpuRuntime();
  try {
    return await decoderSuite(runtime, await filesOf(name), golden);
  } catch (error) {
    return { code: (error as ModelError).code, message: (error as ModelError).message };
  }
};

window.generateGreedily = async (name) => {
  const model = await createLanguageModel({
    runtime: await gpuRuntime(),
    files: await filesOf(name),
    entry: RANDOM_ENTRY,
  });
  const [row] = await collect(model, {
    prompt: "<|user|>Four boxes of six eggs.<|end|><|assistant|>",
    n: 1,
    noise: { seed: 1, group: 0, purpose: "rollout", rollout: 0 },
    sampling: { temperature: 0, topK: null, topP: null },
    maxTokens: 8,
  });
  await model.dispose();
  return row!.map(({ token }) => token);
};
