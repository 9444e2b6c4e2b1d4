/** @file The page in which benchmarks run on a browser's devices. Not part of the product; scripts/bench-page.ts builds and opens it. */
import { benchCat, type CatBenchmark } from "../../src/bench/cat.ts";
import { type ItemFiles, readItems } from "../../src/bench/item.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { downloadModel } from "../../src/models/download.ts";
import { readGeneration } from "../../src/models/generation.ts";
import { embeddedJudge, embeddedPolicy, fetchManifest, type ModelEntry } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import { createBrowserRunner } from "../../src/sandbox/browser-runner.ts";
import { documentFrames } from "../../src/sandbox/frame-host.ts";
import type { BenchCatSettings } from "../bench-cat.ts";
import { firstItems, isJudged } from "../embedded-choice.ts";
import { drawRollouts, type Drawn } from "../rollouts.ts";
import { openRuntime } from "./open-runtime.ts";
import "./engine.ts";
import "./train.ts";
import "./train-here.ts";

interface DrawRequest {
  readonly domain: string;
  readonly device: "wasm" | "webgpu";
  readonly prompts: readonly string[];
  readonly groupSizes: readonly number[];
  readonly seed: number;
}

declare global {
  var benchProgress: (share: number) => void;
  /** @param request with the texts of the items, which the page's server need not have. */
  var benchCatHere: (request: { settings: BenchCatSettings; files: ItemFiles }) => Promise<CatBenchmark>;
  /** @returns [prompts][groupSizes][rollouts]. */
  var drawHere: (request: DrawRequest) => Promise<Drawn[][][]>;
}

const base = new URL("./", location.href).href;

async function load(entry: ModelEntry, runtime: Runtime) {
  const files = await downloadModel(embeddedSource(base), entry);
  const model = await createLanguageModel({ runtime, files, entry });
  return { model, ...readGeneration(files) };
}

function manifest() {
  return fetchManifest(new URL("models/manifest.json", base));
}

globalThis.benchCatHere = async ({ settings: { domain, items, rollouts, seed, device }, files }) => {
  const runtime = await openRuntime(device === "webgpu" ? device : "wasm");
  const models = await manifest();
  const { model, ...generation } = await load(embeddedPolicy(models, domain), runtime);
  const judge = isJudged(domain) ? (await load(embeddedJudge(models), runtime)).model : null;
  const settings = { domain, rollouts, seed, ...generation };
  const roles = { policy: model, anchor: model, judge, runner: createBrowserRunner(documentFrames()) };
  return benchCat(firstItems(readItems(files), items), roles, settings, globalThis.benchProgress);
};

globalThis.drawHere = async ({ domain, device, prompts, groupSizes, seed }) => {
  const { model, ...generation } = await load(embeddedPolicy(await manifest(), domain), await openRuntime(device));
  const drawn: Drawn[][][] = [];
  for (const prompt of prompts) {
    const sizes: Drawn[][] = [];
    for (const groupSize of groupSizes) {
      sizes.push(await drawRollouts(model, { prompt, groupSize, seed, ...generation }));
    }
    drawn.push(sizes);
    globalThis.benchProgress(drawn.length / prompts.length);
  }
  return drawn;
};
