/** @file `bench train`: a training step of the embedded policy beside the same in jax-js, taken in turn on one page. In Node there is no jax-js, and ours runs alone. */
import { join } from "node:path";
import { nodeRuntime } from "../src/engine/node-runtime.ts";
import { trainablePolicy } from "../src/models/manifest.ts";
import { readModel } from "../src/models/read-node.ts";
import { onBenchPage } from "./bench-page.ts";
import { openBenchTrainer, TRAINED_DOMAIN, type TrainRequest, type TrainTimes } from "./bench-page/train-case.ts";
import { manifest, MODELS } from "./embedded.ts";
import { median } from "./results/table.ts";

interface StepTime {
  /** Median. */
  readonly msPerStep: number;
  readonly min: number;
  readonly max: number;
}

export interface TrainBenchmark {
  readonly device: TrainRequest["device"];
  readonly threads: number;
  /** `jaxjs` is `null` in Node. */
  readonly cases: { readonly ours: StepTime; readonly jaxjs: StepTime | null };
  /** Our time in jax-js's, the median over pairs; below 1 we are faster. `null` without one. */
  readonly ratio: number | null;
}

export async function runBenchTrain(request: TrainRequest, progress: (share: number) => void): Promise<TrainBenchmark> {
  const { device } = request;
  const times = device === "node" ? await inNode(request) : await onPage({ ...request, device }, progress);
  const { ours, jaxjs, threads } = times;
  const ratio = jaxjs === null ? null : median(ours.map((ms, pair) => ms / jaxjs[pair]!));
  return { device, threads, cases: { ours: stepTime(ours), jaxjs: jaxjs === null ? null : stepTime(jaxjs) }, ratio };
}

function onPage(
  request: TrainRequest & { readonly device: "wasm" | "webgpu" },
  progress: (share: number) => void,
): Promise<TrainTimes> {
  return onBenchPage(request.device, (page) => page.evaluate((all) => globalThis.benchTrainHere(all), request), {
    progress,
  });
}

async function inNode(request: TrainRequest): Promise<TrainTimes> {
  const entry = trainablePolicy(await manifest(), TRAINED_DOMAIN);
  const files = await readModel(join(MODELS, entry.path), entry);
  const { trainer, groups } = await openBenchTrainer(await nodeRuntime(), files, request);
  await trainer.step(groups);
  const ours: number[] = [];
  for (let pair = 0; pair < request.pairs; pair++) ours.push((await trainer.step(groups)).ms);
  await trainer.dispose();
  return { threads: 1, ours, jaxjs: null };
}

function stepTime(times: readonly number[]): StepTime {
  return { msPerStep: median(times), min: Math.min(...times), max: Math.max(...times) };
}
