/** @file `bench cat` on a device: in Node with ONNX Runtime's native library, or in Chromium through bench-page/. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import {
  type BenchSettings,
  benchmarkOf,
  type CatBenchmark,
  joined,
  type Outcomes,
  type Part,
  scoreItems,
} from "../src/bench/cat.ts";
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
 * In processes of their own, one a core, since one step of a small model is too short to share out. The parts follow each other, and each
 * draw is named by its item: the result does not depend on how many there are.
 * @param models the folder of manifest.json.
 * @throws RangeError if there are fewer items than asked for; Error if a part fails
 */
export async function scoreInNode(
  settings: Omit<BenchCatSettings, "device">,
  progress: (share: number) => void,
  models = MODELS,
): Promise<Outcomes> {
  const processes = Math.min(availableParallelism(), MOST_PROCESSES, Math.ceil(settings.items / FEWEST_ITEMS));
  if (processes === 1) return scorePart({ settings, models }, progress);
  const border = (k: number): number => Math.round((k * settings.items) / processes);
  const shares = Array.from({ length: processes }, () => 0);
  const parts = shares.map((_, k) => {
    const part: Part = { from: border(k), to: border(k + 1) };
    return inProcess({ settings, models, part }, (share) => {
      shares[k] = share;
      progress(shares.reduce((a, b) => a + b) / processes);
    });
  });
  return joined(await Promise.all(parts));
}

/** A process takes some seconds to begin, and half a gigabyte. */
const FEWEST_ITEMS = 20;
const MOST_PROCESSES = 4;

export interface PartRequest {
  readonly settings: Omit<BenchCatSettings, "device">;
  readonly models: string;
  /** Left out: all. */
  readonly part?: Part;
}

export type PartMessage = { readonly share: number } | { readonly outcomes: Outcomes };

/** @throws Error if it ends without its outcomes */
function inProcess(request: PartRequest, progress: (share: number) => void): Promise<Outcomes> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL("bench-cat-part.ts", import.meta.url));
    const child = fork(script, { execArgv: ["--import", "tsx"], serialization: "advanced" });
    child.on("message", (message: PartMessage) => {
      if ("outcomes" in message) resolve(message.outcomes);
      else progress(message.share);
    });
    child.on("error", reject);
    child.on("exit", (status) => {
      const { from = 0, to = request.settings.items } = request.part ?? {};
      reject(new Error(`items ${from} to ${to - 1} were not scored: their process ended with status ${status}`));
    });
    child.send(request);
  });
}

/** Item by item, in this process. */
export async function scorePart(
  { settings: { domain, items, rollouts, seed }, models, part }: PartRequest,
  progress: (share: number) => void,
): Promise<Outcomes> {
  const heldOut = firstItems(readItems(await itemFiles(domain)), items);
  const { model, sampling, maxTokens } = await loadEmbedded(domain, models);
  const judge = isJudged(domain) ? await loadEmbeddedJudge(models) : null;
  const runner = createNodeRunner();
  try {
    const roles = { policy: model, anchor: model, judge, runner };
    const settings: BenchSettings = { domain, rollouts, seed, sampling, maxTokens };
    return await scoreItems(heldOut, roles, settings, progress, undefined, part);
  } finally {
    await runner.dispose();
    await judge?.dispose();
    await model.dispose();
  }
}
