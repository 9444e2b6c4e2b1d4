/** @file The page in which benchmarks run on a browser's devices. Not part of the product; scripts/bench-cat.ts builds and drives it. */
import { benchCat, type CatBenchmark } from "../../src/bench/cat.ts";
import { readItems } from "../../src/bench/item.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { browserRuntime } from "../../src/engine/ort.ts";
import { downloadModel } from "../../src/models/download.ts";
import { readGeneration } from "../../src/models/generation.ts";
import { fetchManifest } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import { createBrowserRunner } from "../../src/sandbox/browser-runner.ts";

interface Settings {
  readonly domain: string;
  readonly items: number;
  readonly rollouts: number;
  readonly seed: number;
  readonly device: "wasm" | "webgpu";
}

declare global {
  var benchProgress: (share: number) => void;
  var benchCatHere: (settings: Settings) => Promise<CatBenchmark>;
}

globalThis.benchCatHere = async ({ domain, items, rollouts, seed, device }) => {
  const base = new URL("./", location.href).href;
  const manifest = await fetchManifest(new URL("models/manifest.json", base));
  const entry = manifest.models.find((model) => model.embedded && model.domains.includes(domain));
  if (entry === undefined) throw new Error(`no embedded model answers ${domain}`);
  const read = async (file: string) => (await fetch(`models/items/${domain}/${file}`)).text();
  const all = readItems(await read("tasks.jsonl"), await read("labels.jsonl"));
  if (items > all.length) throw new RangeError(`there are ${all.length} held-out items, fewer than ${items}`);
  const files = await downloadModel(embeddedSource(base), entry);
  const model = await createLanguageModel({ runtime: await browserRuntime(device), files, entry });
  const settings = { domain, rollouts, seed, ...readGeneration(files) };
  const roles = { policy: model, anchor: model, judge: null, runner: createBrowserRunner() };
  return benchCat(all.slice(0, items), roles, settings, globalThis.benchProgress);
};
