/** @file Asks on the GPU how likely tokens are, so that logits never leave it. Gives what likelihood.ts gives on the CPU up to rounding in f32. */
import { ModelError } from "../cat/models.ts";
import type { Asked, Likelihood } from "./likelihood.ts";
import { likelihoodKernel } from "./likelihood-kernel.ts";
import { pipelineOf } from "./pipelines.ts";

/** A u32 pair. */
const PAIR_BYTES = 8;

export interface AskedLogits {
  /** [places × vocabulary] */
  readonly buffer: GPUBuffer;
  readonly vocabulary: number;
  /** Are they f16? Else f32. */
  readonly half: boolean;
}

/**
 * @param top likeliest tokens wanted at each place, at most the vocabulary
 * @returns [asked]
 * @throws {ModelError} `unexpected` if logits are no numbers
 */
export async function gpuLikelihoods(
  gpu: GPUDevice,
  { buffer: logits, vocabulary, half }: AskedLogits,
  asked: readonly Asked[],
  top: number,
): Promise<Likelihood[]> {
  const { UNIFORM, STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const made: GPUBuffer[] = [];
  const buffer = (size: number, usage: GPUBufferUsageFlags): GPUBuffer => {
    const one = gpu.createBuffer({ label: "likelihood", size, usage });
    made.push(one);
    return one;
  };
  try {
    const bytes = PAIR_BYTES * asked.length * (1 + top);
    const sizes = buffer(PAIR_BYTES, UNIFORM | COPY_DST);
    gpu.queue.writeBuffer(sizes, 0, Uint32Array.of(vocabulary, top));
    const places = buffer(PAIR_BYTES * asked.length, STORAGE | COPY_DST);
    gpu.queue.writeBuffer(places, 0, Uint32Array.from(asked.flatMap(({ place, token }) => [place, token])));
    const found = buffer(bytes, STORAGE | COPY_SRC);
    const staging = buffer(bytes, MAP_READ | COPY_DST);
    const pipeline = pipelineOf(gpu, { label: "likelihood", code: likelihoodKernel(half), entryPoint: "likelihood" });
    const entries = [sizes, places, logits, found].map((bound, binding) => ({ binding, resource: { buffer: bound } }));
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(asked.length);
    pass.end();
    encoder.copyBufferToBuffer(found, 0, staging, 0, bytes);
    gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return read(staging.getMappedRange(), { asked, vocabulary, top });
  } finally {
    for (const one of made) one.destroy();
  }
}

interface Reading {
  readonly asked: readonly Asked[];
  readonly vocabulary: number;
  readonly top: number;
}

function read(bytes: ArrayBuffer, { asked, vocabulary, top }: Reading): Likelihood[] {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  return asked.map(({ token }, i) => {
    const at = 2 * i * (1 + top);
    if (words[at] === 0) {
      const message = "The model answered with numbers that are none. Try another device.";
      throw new ModelError("unexpected", message);
    }
    const likeliest = Array.from({ length: top }, (_, rank) => {
      return { token: words[at + 2 + 2 * rank]!, logprob: floats[at + 3 + 2 * rank]! };
    });
    return { logprob: token < vocabulary ? floats[at + 1]! : NaN, likeliest };
  });
}
