/**
 * @file `bench train` on a page: a step of our trainer and one of jax-js, with the same weights and batch, turn by turn, so that what disturbs one
 * disturbs the other. Leaves out what the times mean (bench-train.ts).
 */
import { numpy as np, tree } from "@jax-js/jax";
import { weightFile } from "../../src/engine/load-decoder.ts";
import { downloadModel } from "../../src/models/download.ts";
import { fetchManifest, trainablePolicy } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";
import { scalesAt } from "../../src/train/adamw.ts";
import { trainRows } from "../../src/train/batch.ts";
import { weightFrom } from "../../src/engine/weight-source.ts";
import { jaxArrays, jaxBatch, jaxStep, openJax } from "./jax-grpo.ts";
import { openRuntime } from "./open-runtime.ts";
import { benchSettings, openBenchTrainer, TRAINED_DOMAIN, type TrainRequest, type TrainTimes } from "./train-case.ts";

declare global {
  var benchTrainHere: (request: TrainRequest & { readonly device: "wasm" | "webgpu" }) => Promise<TrainTimes>;
}

globalThis.benchTrainHere = async (request) => {
  const base = new URL("./", location.href).href;
  const entry = trainablePolicy(await fetchManifest(new URL("models/manifest.json", base)), TRAINED_DOMAIN);
  const files = await downloadModel(embeddedSource(base), entry);
  const { trainer, config, inputs, groups } = await openBenchTrainer(await openRuntime(request.device), files, request);

  await openJax(request.device);
  const settings = benchSettings();
  const rows = trainRows(groups, settings.averaging);
  const initial = rows.map(({ oldLogprobs }) => Float32Array.from(oldLogprobs));
  const step = jaxStep({ config, inputs, objective: settings }, settings);
  const file = weightFile(files);
  const start = Object.fromEntries(inputs.map((input) => [input.name, weightFrom(input, file)]));
  const zeros = Object.fromEntries(Object.entries(start).map(([name, { length }]) => [name, new Float32Array(length)]));
  let state = { weights: jaxArrays(start, inputs), first: jaxArrays(zeros, inputs), second: jaxArrays(zeros, inputs) };
  let updates = 0;
  const theirs = async (): Promise<number> => {
    const { learningRate, correction1, correction2 } = scalesAt(++updates, settings);
    const scales = {
      learningRate: np.array(learningRate),
      correction1: np.array(correction1),
      correction2: np.array(correction2),
    };
    const { loss, norm, ...next } = step(
      state.weights,
      state.first,
      state.second,
      jaxBatch(rows, initial, config),
      scales,
    );
    state = next;
    await loss.data();
    return ((await norm.data()) as Float32Array)[0]!;
  };

  // Once in vain, to be compiled; and to see that both compute the same.
  const [ours, other] = [(await trainer.step(groups)).gradNorm, await theirs()];
  if (!(Math.abs(ours / other - 1) < 1e-3)) throw new Error(`the gradient's norm is ${ours}, of jax-js ${other}`);
  const times: { ours: number[]; jaxjs: number[] } = { ours: [], jaxjs: [] };
  for (let pair = 0; pair < request.pairs; pair++) {
    times.ours.push(await timed(() => trainer.step(groups)));
    times.jaxjs.push(await timed(theirs));
    globalThis.benchProgress((pair + 1) / request.pairs);
  }
  tree.dispose(state);
  await trainer.dispose();
  // jax-js takes all processors where memory may be shared; ONNX Runtime is held to one (ort-wasm.ts).
  return { threads: crossOriginIsolated ? navigator.hardwareConcurrency : 1, ...times };
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
