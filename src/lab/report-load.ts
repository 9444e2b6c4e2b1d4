/** @file Starts a model and has noted what came of it: how long it took, what its self-test measured, or why it failed. */
import { ModelError } from "../cat/models.ts";
import type { OnnxLanguageModel } from "../engine/language-model.ts";
import type { Runtime } from "../engine/runtime.ts";
import { type Load, withoutAddresses } from "../models/load-report.ts";
import { noteLoad } from "./load-reports.ts";
import type { ModelState } from "./protocol.ts";
import { type Fetched, type LoadOptions, startModel } from "./start-model.ts";

/** @throws as `startModel` */
export async function startReported(
  runtime: Runtime,
  fetched: Fetched,
  options: LoadOptions,
): Promise<OnnxLanguageModel> {
  const began = performance.now();
  let checking: number | null = null;
  const progress = (state: ModelState): void => {
    if (state.phase === "checking") checking = performance.now();
    options.progress(state);
  };
  const note = (found: Pick<Load, "selfTest" | "failure">): Promise<void> => {
    const start = checking === null ? null : Math.round(checking - began);
    const check = checking === null ? null : Math.round(performance.now() - checking);
    return noteLoad(fetched.entry, runtime, { ...found, ms: { start, check } });
  };
  try {
    const model = await startModel(runtime, fetched, { ...options, progress });
    await note({ selfTest: model.figures, failure: null });
    return model;
  } catch (error) {
    // What somebody gave up says nothing about the model.
    if (!options.stop.aborted) await note({ selfTest: null, failure: failureOf(error) });
    throw error;
  }
}

function failureOf(error: unknown): Load["failure"] {
  const message = withoutAddresses(error instanceof Error ? error.message : String(error));
  return { code: error instanceof ModelError ? error.code : "unexpected", message };
}
