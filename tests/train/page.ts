/** @file The page that tests/browser/train.test.ts drives: the trainer on a device of this browser, and beside jax-js. */
import { jaxArrays, jaxBatch, jaxLossAndGradient, openJax } from "../../scripts/bench-page/jax-grpo.ts";
import { watchGpu } from "../../scripts/bench-page/watch-gpu.ts";
import type { ModelError } from "../../src/cat/models.ts";
import { browserRuntime } from "../../src/engine/page-runtime.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { GrpoTrainer } from "../../src/train/trainer.ts";
import { type AdamWFindings, adamWSuite } from "./adamw-suite.ts";
import { batchOf, openPolicy, SETTINGS } from "./fixture.ts";
import { type TrainFindings, trainSuite } from "./suite.ts";
import { wholeLoss } from "./whole-loss.ts";

export interface JaxAgreement {
  readonly losses: readonly [ours: number, theirs: number];
  /** Of the difference, relative to theirs: of all weights together, and of each. */
  readonly relative: number;
  readonly each: Readonly<Record<string, number>>;
}

declare global {
  interface Window {
    runTrainSuite(device: "webgpu" | "wasm"): Promise<TrainFindings>;
    runAdamW(): Promise<AdamWFindings>;
    /** The whole loss of the fixture and its gradient, by our graph and by jax-js, both on wasm. */
    compareWithJax(): Promise<JaxAgreement>;
    /** Live buffers, and the bytes of all of them, after each step; our buffers that are left after all is disposed of. */
    countTrainBuffers(steps: number): Promise<{ buffers: number[]; bytes: number[]; left: number }>;
    /** The error's codes of a step and of a checkpoint once the device is lost. */
    loseTraining(): Promise<string[]>;
  }
}

/** One for all that follows: a software adapter takes seconds to compile its pipelines. */
let gpuRuntime: Promise<Runtime> | null = null;

function onGpu(): Promise<Runtime> {
  gpuRuntime ??= browserRuntime("webgpu");
  return gpuRuntime;
}

window.runTrainSuite = async (device) => trainSuite(await (device === "webgpu" ? onGpu() : browserRuntime(device)));

window.runAdamW = async () => {
  const runtime = await onGpu();
  const found = await adamWSuite(runtime);
  runtime.errors.throwIfAny();
  return found;
};

window.compareWithJax = async () => {
  const runtime = await browserRuntime("wasm");
  const policy = await openPolicy(runtime);
  const { config, inputs } = policy;
  const whole = await wholeLoss(policy);
  const start = policy.initialPolicy.feeds();
  const { loss, gradients } = await whole.at(start);
  await openJax("wasm");
  const weights = Object.fromEntries(inputs.map(({ name }) => [name, start[name]!.data as Float32Array]));
  const model = { config, inputs, objective: whole.objective };
  const batch = jaxBatch(whole.rows, whole.initial, config);
  const [theirLoss, theirs] = jaxLossAndGradient(model)(jaxArrays(weights, inputs), batch);
  let [squares, all] = [0, 0];
  const each: Record<string, number> = {};
  for (const { name } of inputs) {
    const own = gradients[name]!;
    const other = (await theirs[name]!.data()) as Float32Array;
    const apart = other.reduce((sum, value, i) => sum + (value - own[i]!) ** 2, 0);
    const length = other.reduce((sum, value) => sum + value * value, 0);
    each[name] = Math.sqrt(apart / length);
    squares += apart;
    all += length;
  }
  const [value] = (await theirLoss.data()) as Float32Array;
  await whole.release();
  await policy.dispose();
  return { losses: [loss, value!], relative: Math.sqrt(squares / all), each };
};

window.countTrainBuffers = async (steps) => {
  const runtime = await onGpu();
  const { live } = watchGpu(runtime.gpu!);
  const policy = await openPolicy(runtime);
  const trainer = await GrpoTrainer.create(policy, { ...SETTINGS, epochs: 1, klCoefficient: 0 });
  const rollouts = [3, 4].map((token) => ({ tokenIds: [token], logprobs: [-5], entropies: [1] }));
  const [buffers, bytes]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    await trainer.step([{ prompt: [65], rollouts, rewards: [1, 0] }]);
    buffers.push(live.size);
    bytes.push([...live].reduce((sum, { size }) => sum + size, 0));
  }
  await trainer.dispose();
  await policy.dispose();
  // ONNX Runtime keeps some of its own.
  const left = [...live].filter(({ label }) => ["train", "weight"].includes(label)).length;
  return { buffers, bytes, left };
};

window.loseTraining = async () => {
  const runtime = await onGpu();
  const policy = await openPolicy(runtime);
  const trainer = await GrpoTrainer.create(policy, SETTINGS);
  runtime.gpu!.destroy();
  const code = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "none",
      (error: unknown) => (error as ModelError).code,
    );
  const codes = [await code(trainer.step(batchOf()))];
  await runtime.renew(0);
  codes.push(await code(trainer.step(batchOf())), await code(trainer.checkpoint()));
  await trainer.dispose();
  await policy.dispose();
  runtime.dispose();
  return codes;
};
