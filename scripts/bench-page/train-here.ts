/** @file A training on this page, for `npm run train`. What crosses to Node is plain data: bytes go as base64. */
import { type ItemFiles, readItems } from "../../src/bench/item.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { createTrainee } from "../../src/lab/trainee.ts";
import { grpoSettings, heldOutOf } from "../../src/lab/training.ts";
import { downloadModel } from "../../src/models/download.ts";
import { embeddedJudge, fetchManifest, trainablePolicy } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { createBrowserRunner } from "../../src/sandbox/browser-runner.ts";
import { documentFrames } from "../../src/sandbox/frame-host.ts";
import { readTasks } from "../../src/train/tasks-file.ts";
import { firstItems, isJudged } from "../embedded-choice.ts";
import { type Kept, limitsOf, type Progress, settingsOf, trainFrom, type TrainSettings } from "../train-from.ts";
import { openRuntime } from "./open-runtime.ts";

/** {@link Kept} with its bytes as base64. */
export interface KeptText {
  readonly progress: Progress;
  readonly weights: string;
  readonly optimizer: string;
}

export interface TrainHere {
  readonly device: "wasm" | "webgpu";
  readonly steps: number;
  readonly from: TrainSettings | KeptText;
  /** Texts, which the page's server need not have. */
  readonly files: ItemFiles;
  readonly prompts: string;
}

declare global {
  var trainHere: (request: TrainHere) => Promise<Progress>;
  var trainEvent: (event: RunEvent) => Promise<void>;
  var trainKeep: (kept: KeptText) => Promise<void>;
}

globalThis.trainHere = async ({ device, steps, from: given, files: itemFiles, prompts }) => {
  const from = "progress" in given ? kept(given) : given;
  const settings = settingsOf(from);
  const { domain } = settings;
  const base = new URL("./", location.href).href;
  const runtime = await openRuntime(device);
  const manifest = await fetchManifest(new URL("models/manifest.json", base));
  const entry = trainablePolicy(manifest, domain);
  const files = await downloadModel(embeddedSource(base), entry);
  const trainee = await createTrainee(runtime, files, entry, grpoSettings(settings));
  const judging = embeddedJudge(manifest);
  const judge = isJudged(domain)
    ? await createLanguageModel({ runtime, files: await downloadModel(embeddedSource(base), judging), entry: judging })
    : null;
  const runner = createBrowserRunner(documentFrames());
  const items = firstItems(readItems(itemFiles), settings.items);
  const heldOut = heldOutOf(items, { trainee, runner }, settings, { limits: limitsOf(from) });
  const parts = { trainee, judge, runner, tasks: readTasks(prompts), heldOut };
  return trainFrom(parts, from, steps, {
    onEvent: (event) => void globalThis.trainEvent(event),
    keep: async ({ progress, checkpoint: { weights, optimizer } }) =>
      globalThis.trainKeep({ progress, weights: await base64(weights), optimizer: await base64(optimizer) }),
  });
};

function kept({ progress, weights, optimizer }: KeptText): Kept {
  return { progress, checkpoint: { weights: bytes(weights), optimizer: bytes(optimizer) } };
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function base64(content: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve((reader.result as string).replace(/^[^,]*,/, ""));
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error("the checkpoint could not be read"));
    };
    reader.readAsDataURL(new Blob([content as Uint8Array<ArrayBuffer>]));
  });
}
