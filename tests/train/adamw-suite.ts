/** @file AdamW on two weights, on any device: three updates, the last two of several runs, as plain data. Judged by judge-adamw.ts. */
import type { WeightInput } from "../../src/engine/weight-source.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { type AdamWSettings, scalesAt } from "../../src/train/adamw.ts";
import { CpuAdamW } from "../../src/train/cpu-adamw.ts";
import { GpuAdamW } from "../../src/train/gpu-adamw.ts";
import { readFloats } from "../../src/train/gpu-floats.ts";
import { normal } from "../engine/normal.ts";

export const ADAMW: AdamWSettings = {
  learningRate: 0.1,
  warmupUpdates: 2,
  decayUpdates: 6,
  weightDecay: 0.2,
  maxGradNorm: 3,
};

/** A matrix, longer than one row of workgroups and no multiple of four, and a norm. */
export const WEIGHTS: readonly WeightInput[] = [
  { name: "matrix", dims: [601, 503], tensors: ["matrix"], transposed: false },
  { name: "norm", dims: [7], tensors: ["norm"], transposed: false },
];

export type Tensors = Readonly<Record<string, readonly number[]>>;

export interface AdamWFindings {
  readonly norms: readonly number[];
  /** Of each weight, {@link SEEN} numbers. */
  readonly weights: Tensors;
  readonly first: Tensors;
  readonly second: Tensors;
}

/** All would be much to carry out of a page. */
const SEEN = 500;

/** Gradients of one run of one update, short enough once to escape clipping. */
export function gradientsAt(update: number, run: number): Record<string, Float32Array> {
  return Object.fromEntries(
    WEIGHTS.map(({ name, dims }) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      return [name, normal(`${name} ${update} ${run}`, size, update === 1 ? 0.001 : 0.1)];
    }),
  );
}

/** Runs of each update. */
export const RUNS = [1, 2, 3];

export function startOf({ name, dims }: WeightInput): Float32Array {
  return normal(
    `start ${name}`,
    dims.reduce((product, dim) => product * dim, 1),
    1,
  );
}

export function seen(values: ArrayLike<number>): number[] {
  const step = Math.max(1, Math.floor(values.length / SEEN));
  return Array.from({ length: Math.ceil(values.length / step) }, (_, i) => values[i * step]!);
}

export async function adamWSuite(runtime: Runtime): Promise<AdamWFindings> {
  const { ort, gpu } = runtime;
  const made: GPUBuffer[] = [];
  const tensorOf = (data: Float32Array, dims: readonly number[]) => {
    if (gpu === null) return new ort.Tensor("float32", data, dims);
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const size = 16 * Math.ceil(data.length / 4);
    const buffer = gpu.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
    made.push(buffer);
    gpu.queue.writeBuffer(buffer, 0, new Float32Array(data));
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims });
  };
  const weights = Object.fromEntries(WEIGHTS.map((input) => [input.name, tensorOf(startOf(input), input.dims)]));
  const adamW = gpu === null ? new CpuAdamW(WEIGHTS, weights, ADAMW) : new GpuAdamW(runtime, WEIGHTS, weights, ADAMW);
  const norms: number[] = [];
  for (const [i, runs] of RUNS.entries()) {
    for (let run = 0; run < runs; run++) {
      const gradients = gradientsAt(i + 1, run);
      const { into } = adamW;
      // As a run of ONNX Runtime writes where it is told.
      if (into !== null) {
        for (const { name } of WEIGHTS)
          gpu!.queue.writeBuffer(into[name]!.gpuBuffer, 0, new Float32Array(gradients[name]!));
      }
      adamW.add(into ?? Object.fromEntries(WEIGHTS.map(({ name, dims }) => [name, tensorOf(gradients[name]!, dims)])));
    }
    norms.push(await adamW.update(scalesAt(i + 1, ADAMW)));
  }
  const moments = await adamW.readMoments();
  const pick = (arrays: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(WEIGHTS.map(({ name }) => [name, seen(arrays[name]!)]));
  const after: Record<string, Float32Array> = {};
  for (const { name } of WEIGHTS) {
    const tensor = weights[name]!;
    after[name] = gpu === null ? tensor.data : await readFloats(gpu, tensor.gpuBuffer, tensor.size);
  }
  adamW.dispose();
  for (const buffer of made) buffer.destroy();
  return { norms, weights: pick(after), first: pick(moments.first), second: pick(moments.second) };
}
