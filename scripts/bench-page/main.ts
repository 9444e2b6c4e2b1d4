/** @file The page in which benchmarks run on a browser's devices. Not part of the product; scripts/bench-page.ts builds and opens it. */
import { benchCat, type CatBenchmark } from "../../src/bench/cat.ts";
import { readItems } from "../../src/bench/item.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { browserRuntime } from "../../src/engine/ort.ts";
import { downloadModel } from "../../src/models/download.ts";
import { readGeneration } from "../../src/models/generation.ts";
import { fetchManifest } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import { createBrowserRunner } from "../../src/sandbox/browser-runner.ts";
import type { BenchCatSettings } from "../bench-cat.ts";
import { embeddedFor, firstItems } from "../embedded-choice.ts";
import { drawRollouts, type Drawn } from "../rollouts.ts";

interface DrawRequest {
  readonly domain: string;
  readonly device: "wasm" | "webgpu";
  readonly prompts: readonly string[];
  readonly groupSizes: readonly number[];
  readonly seed: number;
}

declare global {
  var benchProgress: (share: number) => void;
  var benchCatHere: (settings: BenchCatSettings) => Promise<CatBenchmark>;
  /** @returns [prompts][groupSizes][rollouts]. */
  var drawHere: (request: DrawRequest) => Promise<Drawn[][][]>;
}

const base = new URL("./", location.href).href;

async function load(domain: string, device: "wasm" | "webgpu") {
  const entry = embeddedFor(await fetchManifest(new URL("models/manifest.json", base)), domain);
  const files = await downloadModel(embeddedSource(base), entry);
  const model = await createLanguageModel({ runtime: await browserRuntime(device), files, entry });
  return { model, ...readGeneration(files) };
}

globalThis.benchCatHere = async ({ domain, items, rollouts, seed, device }) => {
  const { model, ...generation } = await load(domain, device === "webgpu" ? device : "wasm");
  const read = async (file: string) => (await fetch(`models/items/${domain}/${file}`)).text();
  const heldOut = readItems(await read("tasks.jsonl"), await read("labels.jsonl"));
  const settings = { domain, rollouts, seed, ...generation };
  const roles = { policy: model, anchor: model, judge: null, runner: createBrowserRunner() };
  return benchCat(firstItems(heldOut, items), roles, settings, globalThis.benchProgress);
};

globalThis.drawHere = async ({ domain, device, prompts, groupSizes, seed }) => {
  const { model, ...generation } = await load(domain, device);
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
