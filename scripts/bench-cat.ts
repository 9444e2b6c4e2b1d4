/** @file `bench cat` on a device: in this process with ONNX Runtime's native library, or in Chromium through bench-page/. */
import { type BenchSettings, benchmarkOf, type CatBenchmark, type Outcomes, scoreItems } from "../src/bench/cat.ts";
import { readItems } from "../src/bench/item.ts";
import { createNodeRunner } from "../src/sandbox/node-runner.ts";
import { onBenchPage } from "./bench-page.ts";
import { firstItems, isJudged } from "./embedded-choice.ts";
import { itemFiles, loadEmbedded, loadEmbeddedJudge, MODELS } from "./embedded.ts";

export interface BenchCatSettings {
  readonly domain: string;
  /** The first n held-out items. */
  readonly items: number;
  readonly rollouts: number;
  readonly seed: number;
  readonly device: "node" | "wasm" | "webgpu";
}

/** @throws RangeError if there are fewer items than asked for. */
export async function runBenchCat(
  settings: BenchCatSettings,
  progress: (share: number) => void,
): Promise<CatBenchmark> {
  const { device } = settings;
  if (device !== "node") {
    const given = { settings, files: await itemFiles(settings.domain) };
    return onBenchPage(device, (page) => page.evaluate((request) => globalThis.benchCatHere(request), given), {
      progress,
    });
  }
  return benchmarkOf(await scoreInNode(settings, progress), settings, device);
}

/**
 * Item by item, in this process.
 * @param models the folder of manifest.json.
 * @throws RangeError if there are fewer items than asked for.
 */
export async function scoreInNode(
  { domain, items, rollouts, seed }: Omit<BenchCatSettings, "device">,
  progress: (share: number) => void,
  models = MODELS,
): Promise<Outcomes> {
  const heldOut = firstItems(readItems(await itemFiles(domain)), items);
  const { model, sampling, maxTokens } = await loadEmbedded(domain, models);
  const judge = isJudged(domain) ? await loadEmbeddedJudge(models) : null;
  const runner = createNodeRunner();
  try {
    const roles = { policy: model, anchor: model, judge, runner };
    const settings: BenchSettings = { domain, rollouts, seed, sampling, maxTokens };
    return await scoreItems(heldOut, roles, settings, progress);
  } finally {
    await runner.dispose();
    await judge?.dispose();
    await model.dispose();
  }
}
