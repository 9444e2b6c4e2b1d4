/** @file `bench cat` on a device: in this process with ONNX Runtime's native library, or in Chromium through bench-page/. */
import { benchCat, type CatBenchmark } from "../src/bench/cat.ts";
import { createNodeRunner } from "../src/sandbox/node-runner.ts";
import { onBenchPage } from "./bench-page.ts";
import { firstItems } from "./embedded-choice.ts";
import { loadEmbedded } from "./embedded.ts";

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
    return onBenchPage(device, (page) => page.evaluate((given) => globalThis.benchCatHere(given), settings), progress);
  }
  const { domain, items, rollouts, seed } = settings;
  const { model, sampling, maxTokens, heldOut } = await loadEmbedded(domain);
  const runner = createNodeRunner();
  try {
    const roles = { policy: model, anchor: model, judge: null, runner };
    return await benchCat(firstItems(heldOut, items), roles, { domain, rollouts, seed, sampling, maxTokens }, progress);
  } finally {
    await runner.dispose();
    await model.dispose();
  }
}
