/** @file `bench cat` on a device: in this process with ONNX Runtime's native library, or in Chromium through the page in bench-page/. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { benchCat, type CatBenchmark } from "../src/bench/cat.ts";
import { type Item, readItems } from "../src/bench/item.ts";
import { createLanguageModel } from "../src/engine/language-model.ts";
import { nodeRuntime } from "../src/engine/ort-node.ts";
import { readGeneration } from "../src/models/generation.ts";
import { type ModelEntry, parseManifest } from "../src/models/manifest.ts";
import { readModel } from "../src/models/read-node.ts";
import { createNodeRunner } from "../src/sandbox/node-runner.ts";
import { launch } from "./chromium.ts";
import { serve } from "./server.ts";
import { CACHE, ROOT } from "./site.ts";
import { models } from "./vite/models.ts";

export interface BenchCatSettings {
  readonly domain: string;
  /** The first n held-out items. */
  readonly items: number;
  readonly rollouts: number;
  readonly seed: number;
  readonly device: "node" | "wasm" | "webgpu";
}

type Progress = (share: number) => void;

/** @throws RangeError if there are fewer items than asked for. */
export async function runBenchCat(settings: BenchCatSettings, progress: Progress): Promise<CatBenchmark> {
  return settings.device === "node" ? inNode(settings, progress) : inChromium(settings, progress);
}

async function inNode({ domain, items, rollouts, seed }: BenchCatSettings, progress: Progress): Promise<CatBenchmark> {
  const folder = join(ROOT, "models");
  const manifest = parseManifest(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
  const entry = embeddedFor(manifest.models, domain);
  const read = (file: string) => readFile(join(folder, "items", domain, file), "utf8");
  const all = readItems(await read("tasks.jsonl"), await read("labels.jsonl"));
  const files = await readModel(join(folder, entry.path), entry);
  const model = await createLanguageModel({ runtime: await nodeRuntime(), files, entry });
  const runner = createNodeRunner();
  try {
    const { sampling, maxTokens } = readGeneration(files);
    const roles = { policy: model, anchor: model, judge: null, runner };
    return await benchCat(firstItems(all, items), roles, { domain, rollouts, seed, sampling, maxTokens }, progress);
  } finally {
    await runner.dispose();
    await model.dispose();
  }
}

async function inChromium(settings: BenchCatSettings, progress: Progress): Promise<CatBenchmark> {
  const outDir = join(CACHE, "bench-page");
  await build({
    configFile: false,
    root: join(ROOT, "scripts/bench-page"),
    base: "./",
    logLevel: "warn",
    plugins: [models(join(ROOT, "models"))],
    build: { outDir, emptyOutDir: true, target: "esnext", assetsInlineLimit: 0, reportCompressedSize: false },
  });
  const server = await serve(outDir);
  const browser = await launch({ webgpu: settings.device === "webgpu" });
  try {
    const page = await browser.newPage();
    await page.exposeFunction("benchProgress", progress);
    await page.goto(server.url);
    return await page.evaluate(
      (given) => (globalThis as unknown as { benchCatHere(s: unknown): Promise<CatBenchmark> }).benchCatHere(given),
      settings,
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The embedded model that plays policy and anchor in a domain. @throws Error when there is none. */
export function embeddedFor(all: readonly ModelEntry[], domain: string): ModelEntry {
  const entry = all.find((model) => model.embedded && model.roles.includes("policy") && model.domains.includes(domain));
  if (entry === undefined) throw new Error(`no embedded model answers ${domain}: see models/manifest.json`);
  return entry;
}

/** @throws RangeError if there are fewer. */
export function firstItems(all: readonly Item[], wanted: number): readonly Item[] {
  if (wanted > all.length) throw new RangeError(`there are ${all.length} held-out items, fewer than ${wanted}`);
  return all.slice(0, wanted);
}
