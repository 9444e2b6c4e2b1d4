/** @file The page that tests/browser/gpu-sampler.test.ts drives: the sampler on this browser's GPU beside the one on the CPU. */
/// <reference lib="es2025.float16" />
import type { NoiseSource, Sampling } from "../../src/cat/models.ts";
import { openDevice } from "../../src/engine/device.ts";
import { BYTES_READ, GpuSampler } from "../../src/engine/gpu-sampler.ts";
import { RowNoise } from "../../src/engine/noise.ts";
import { type Draw, Sampler } from "../../src/engine/sampler.ts";
import type { RowDraw } from "../../src/engine/token-sampler.ts";
import { madeUpLogits } from "./logits.ts";

export interface Comparison {
  readonly gpu: Draw;
  readonly cpu: Draw;
  /** What the GPU left as the row's next input. */
  readonly id: number;
}

export interface ComparisonCase {
  readonly vocabulary: number;
  readonly half: boolean;
  readonly sampling: Sampling;
  readonly rows: number;
  /** Every third token is let through. */
  readonly masked?: boolean;
  /** Logits that are all alike, so that everything is a tie. */
  readonly flat?: boolean;
}

declare global {
  interface Window {
    /** Two steps of some rows, each with logits of its own; [steps × rows]. */
    compareDraws(of: ComparisonCase): Promise<Comparison[]>;
    /** Tokens of many rows that share one row of logits. */
    drawMany(sampling: Sampling, rows: number): Promise<number[]>;
    /** @returns what drawing from logits with a NaN, and under an empty mask, is refused with. */
    refusals(): Promise<string[]>;
    /** @returns bytes read back a row. */
    bytesRead(): number;
  }
}

const noise: NoiseSource = { seed: 11, group: 2, purpose: "rollout", rollout: 5 };
const device = openDevice();

/** Runs `use` with a sampler and a way to put logits on the GPU; frees both. */
async function withSampler<T>(
  size: { vocabulary: number; rows: number; half: boolean },
  use: (sampler: GpuSampler, upload: (logits: Float32Array<ArrayBuffer>) => GPUBuffer, gpu: GPUDevice) => Promise<T>,
): Promise<T> {
  const { gpu } = await device;
  gpu.pushErrorScope("validation");
  const sampler = new GpuSampler(gpu, size);
  const buffers: GPUBuffer[] = [];
  const upload = (logits: Float32Array<ArrayBuffer>): GPUBuffer => {
    const half = new Float16Array(2 * Math.ceil(logits.length / 2));
    half.set(logits);
    const data = size.half ? half : logits;
    const buffer = gpu.createBuffer({ size: data.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
    gpu.queue.writeBuffer(buffer, 0, data);
    buffers.push(buffer);
    return buffer;
  };
  const result = await use(sampler, upload, gpu).finally(() => {
    for (const buffer of buffers) buffer.destroy();
    sampler.dispose();
  });
  const error = await gpu.popErrorScope();
  if (error !== null) throw new Error(error.message);
  return result;
}

window.compareDraws = ({ vocabulary, half, sampling, rows, masked = false, flat = false }) =>
  withSampler({ vocabulary, rows, half }, async (sampler, upload, gpu) => {
    const words = Math.ceil(vocabulary / 32);
    const mask = new Uint32Array(words);
    for (let token = 0; token < vocabulary; token += 3) mask[token >>> 5]! |= 1 << (token & 31);
    const penalised = sampling.repetitionPenalty !== undefined;
    const seen = Array.from({ length: rows }, (_, row) => new Uint32Array(words).fill(0x11111111 << (row & 3)));
    const cpu = new Sampler(vocabulary);
    const found: Comparison[] = [];
    for (let row = 0; row < rows; row++) {
      if (masked) sampler.writeMask(row, mask);
      sampler.writeSeen(row, seen[row]!);
    }
    for (let step = 0; step < 2; step++) {
      const logits = new Float32Array(rows * vocabulary);
      for (let row = 0; row < rows; row++) {
        const own = flat ? new Float32Array(vocabulary).fill(0.5) : madeUpLogits(vocabulary, 7 * row + step);
        logits.set(half ? own.map((logit) => Math.f16round(logit)) : own, row * vocabulary);
      }
      const draws: RowDraw[] = Array.from({ length: rows }, (_, row) => ({
        ...{ noise, row, step, sampling, place: row },
        seen: penalised ? row : null,
        mask: masked ? row : null,
      }));
      const drawn = await sampler.draw(upload(logits), draws);
      const ids = await readIds(gpu, sampler.ids, rows);
      for (const [row, gpuDraw] of drawn.entries()) {
        const rowNoise = new RowNoise(noise, row);
        rowNoise.setStep(step);
        const own = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
        const sets = { seen: seen[row]!, ...(masked ? { mask } : {}) };
        found.push({ gpu: gpuDraw, cpu: cpu.draw(own, sampling, rowNoise, sets), id: ids[row]! });
        // What was drawn is seen from now on; the kernel has noted it by itself.
        seen[row]![gpuDraw.token >>> 5]! |= 1 << (gpuDraw.token & 31);
      }
    }
    return found;
  });

async function readIds(gpu: GPUDevice, ids: GPUBuffer, rows: number): Promise<number[]> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = gpu.createBuffer({ size: 8 * rows, usage });
  const encoder = gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(ids, 0, staging, 0, 8 * rows);
  gpu.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const read = [...new BigInt64Array(staging.getMappedRange())].map(Number);
  staging.destroy();
  return read;
}

window.drawMany = (sampling, rows) =>
  withSampler({ vocabulary: 40, rows, half: false }, async (sampler, upload) => {
    const draws = Array.from({ length: rows }, (_, row) => ({
      ...{ noise, row, step: 0, sampling, place: 0, seen: null, mask: null },
    }));
    return (await sampler.draw(upload(madeUpLogits(40, 1)), draws)).map(({ token }) => token);
  });

window.refusals = () =>
  withSampler({ vocabulary: 40, rows: 1, half: false }, async (sampler, upload) => {
    const row = { noise, row: 0, step: 0, sampling: { temperature: 1, topK: null, topP: null }, place: 0, seen: null };
    const broken = madeUpLogits(40, 1);
    broken[17] = NaN;
    sampler.writeMask(0, new Uint32Array(2));
    const refusal = (draw: Promise<Draw[]>): Promise<string> =>
      draw.then(
        ([first]) => `drew ${first!.token}`,
        (error: unknown) => (error as Error).message,
      );
    return [
      await refusal(sampler.draw(upload(broken), [{ ...row, mask: null }])),
      await refusal(sampler.draw(upload(madeUpLogits(40, 1)), [{ ...row, mask: 0 }])),
    ];
  });

window.bytesRead = () => BYTES_READ;
