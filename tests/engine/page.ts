/** @file The page that tests/browser/engine.test.ts drives: it runs the suite on a device of this browser. */
import { createLanguageModel, type OnnxLanguageModel } from "../../src/engine/language-model.ts";
import { browserRuntime } from "../../src/engine/ort.ts";
import { randomLlama } from "./random-llama.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { engineSuite, type SuiteResult } from "./suite.ts";

export interface PageResult extends SuiteResult {
  readonly device: string;
  readonly adapter: OnnxLanguageModel["adapter"];
}

declare global {
  interface Window {
    /** Loads the random model with its self-test, runs the suite, frees everything. */
    runSuite(device: "webgpu" | "wasm"): Promise<PageResult>;
    /** @returns what loading with `subgroups` forced was refused with. */
    refusalWithSubgroups(): Promise<{ code: string; message: string } | null>;
    /** @returns the error code of a generation whose device is destroyed under it. */
    loseDevice(): Promise<string>;
  }
}

window.runSuite = async (device) => {
  const runtime = await browserRuntime(device);
  const model = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
  const result = await engineSuite(model);
  await model.dispose();
  runtime.gpu?.destroy();
  return { ...result, device: model.record.device, adapter: model.adapter };
};

window.refusalWithSubgroups = async () => {
  const runtime = await browserRuntime("webgpu", { forceSubgroups: true });
  try {
    const model = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
    await model.dispose();
    return null;
  } catch (error) {
    return { code: (error as { code: string }).code, message: String(error) };
  } finally {
    runtime.gpu?.destroy();
  }
};

window.loseDevice = async () => {
  const runtime = await browserRuntime("webgpu");
  const model = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
  const noise = { seed: 1, group: 0, purpose: "rollout", rollout: 0 } as const;
  const sampling = { temperature: 1, topK: null, topP: null };
  try {
    for await (const { token } of model.generate([{ prompt: "x", n: 2, noise, sampling, maxTokens: 50 }])) {
      if (token >= 0) runtime.gpu?.destroy();
    }
    return "none";
  } catch (error) {
    return (error as { code: string }).code;
  }
};
