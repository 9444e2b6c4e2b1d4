/** @file AdamW on the GPU: weights, gradients and moments stay there, and the sampler's buffers are changed in place. Leaves out the arithmetic (adamw-kernel.ts). */
import type { Feeds, Tensor } from "../engine/ort.ts";
import { type Kernel, pipelineOf } from "../engine/pipelines.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { WeightInput } from "../engine/weight-source.ts";
import { type AdamW, type AdamWSettings, checkNorm, decayOf, type Moments, type Scales } from "./adamw.ts";
import { readFloats } from "./gpu-floats.ts";
import { ADD, NORM, SETTINGS, SQUARES, THREADS, UPDATE } from "./adamw-kernel.ts";

/** Everything of one weight, on the GPU. */
interface Parameter {
  readonly input: WeightInput;
  readonly size: number;
  readonly weights: GPUBuffer;
  readonly sum: GPUBuffer;
  readonly first: GPUBuffer;
  readonly second: GPUBuffer;
}

const MOMENTS = ["first", "second"] as const;

/** A whole dimension of workgroups is enough for any weight. */
const MOST_GROUPS = 1024;

export class GpuAdamW implements AdamW {
  readonly #runtime: Runtime;
  readonly #gpu: GPUDevice;
  readonly #settings: AdamWSettings;
  readonly #all: GPUBuffer[] = [];
  readonly #parameters: readonly Parameter[];
  /** Of the weights that decay, and of those that do not. */
  readonly #uniforms: readonly [decaying: GPUBuffer, others: GPUBuffer];
  readonly #squares: GPUBuffer;
  readonly #norm: GPUBuffer;
  readonly #sums: Readonly<Record<string, Tensor>>;
  /** Where runs after the first of an update write. */
  #more: Record<string, Tensor> | null = null;
  #runs = 0;

  /** @param weights on the GPU, changed by each update; stay their owner's */
  constructor(runtime: Runtime, inputs: readonly WeightInput[], weights: Feeds, settings: AdamWSettings) {
    this.#runtime = runtime;
    this.#gpu = runtime.gpu!;
    this.#settings = settings;
    const { UNIFORM, STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    this.#parameters = inputs.map((input) => {
      const { size, gpuBuffer } = weights[input.name]!;
      return {
        input,
        size,
        weights: gpuBuffer,
        sum: this.#floats(size),
        first: this.#floats(size),
        second: this.#floats(size),
      };
    });
    this.#sums = Object.fromEntries(this.#parameters.map(({ input, sum }) => [input.name, this.#tensor(input, sum)]));
    const uniform = (): GPUBuffer => this.#buffer(32, UNIFORM | COPY_DST);
    this.#uniforms = [uniform(), uniform()];
    this.#squares = this.#floats(THREADS * inputs.length);
    this.#norm = this.#buffer(4, STORAGE | COPY_SRC);
  }

  get into(): Readonly<Record<string, Tensor>> {
    if (this.#runs === 0) return this.#sums;
    this.#more ??= Object.fromEntries(
      this.#parameters.map(({ input, size }) => [input.name, this.#tensor(input, this.#floats(size))]),
    );
    return this.#more;
  }

  add(gradients: Feeds): void {
    if (this.#runs++ === 0) return;
    this.#submit((pass) => {
      for (const { input, size, sum } of this.#parameters) {
        this.#dispatch(pass, ADD, groupsFor(size), [part(sum, size), part(gradients[input.name]!.gpuBuffer, size)]);
      }
    });
  }

  async update(scales: Scales): Promise<number> {
    this.#runs = 0;
    const settings = { ...scales, maxGradNorm: this.#settings.maxGradNorm };
    for (const [i, decay] of [this.#settings.weightDecay, 0].entries()) {
      const values = SETTINGS.map((name) => ({ ...settings, decay })[name]);
      this.#gpu.queue.writeBuffer(this.#uniforms[i]!, 0, Float32Array.from(values));
    }
    this.#submit((pass) => {
      for (const [i, { sum, size }] of this.#parameters.entries()) {
        const sums = { buffer: this.#squares, offset: 4 * THREADS * i, size: 4 * THREADS };
        this.#dispatch(pass, SQUARES, 1, [part(sum, size), sums]);
      }
      this.#dispatch(pass, NORM, 1, [part(this.#squares, THREADS * this.#parameters.length), part(this.#norm, 1)]);
      for (const { input, size, ...buffers } of this.#parameters) {
        const uniform = this.#uniforms[decayOf(input, this.#settings) === 0 ? 1 : 0];
        const { sum, weights, first, second } = buffers;
        const parts = [sum, weights, first, second].map((buffer) => part(buffer, size));
        this.#dispatch(pass, UPDATE, groupsFor(size), [{ buffer: uniform }, part(this.#norm, 1), ...parts]);
      }
    });
    const [norm] = await readFloats(this.#gpu, this.#norm, 1);
    return checkNorm(norm!);
  }

  async readMoments(): Promise<Moments> {
    const moments: Record<"first" | "second", Record<string, Float32Array>> = { first: {}, second: {} };
    for (const { input, size, ...buffers } of this.#parameters) {
      for (const which of MOMENTS) moments[which][input.name] = await readFloats(this.#gpu, buffers[which], size);
    }
    return moments;
  }

  writeMoments(moments: Moments): void {
    for (const { input, ...buffers } of this.#parameters) {
      for (const which of MOMENTS) {
        this.#gpu.queue.writeBuffer(buffers[which], 0, new Float32Array(moments[which][input.name]!));
      }
    }
  }

  dispose(): void {
    for (const tensor of [...Object.values(this.#sums), ...Object.values(this.#more ?? {})]) tensor.dispose();
    for (const buffer of this.#all) buffer.destroy();
  }

  #submit(record: (pass: GPUComputePassEncoder) => void): void {
    const encoder = this.#gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    record(pass);
    pass.end();
    this.#gpu.queue.submit([encoder.finish()]);
  }

  #dispatch(pass: GPUComputePassEncoder, kernel: Kernel, groups: number, bindings: readonly GPUBufferBinding[]): void {
    const pipeline = pipelineOf(this.#gpu, kernel);
    const entries = bindings.map((resource, binding) => ({ binding, resource }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(groups);
  }

  #tensor({ dims }: WeightInput, buffer: GPUBuffer): Tensor {
    return this.#runtime.ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims });
  }

  /** ONNX Runtime's kernels write four numbers at once. */
  #floats(size: number): GPUBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    return this.#buffer(16 * Math.ceil(size / 4), STORAGE | COPY_SRC | COPY_DST);
  }

  #buffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#gpu.createBuffer({ label: "train", size, usage });
    this.#all.push(buffer);
    return buffer;
  }
}

/** A buffer may be longer than what is in it. */
function part(buffer: GPUBuffer, size: number): GPUBufferBinding {
  return { buffer, size: 4 * size };
}

function groupsFor(size: number): number {
  return Math.min(MOST_GROUPS, Math.ceil(size / THREADS));
}
