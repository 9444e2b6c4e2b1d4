/** @file Draws the next token of each row of a batch, on the device that has the logits: the GPU's kernel, or the CPU's oracle elsewhere. */
import type { NoiseSource, Sampling } from "../cat/models.ts";
import type { DeviceLoss } from "./device-loss.ts";
import { GpuSampler } from "./gpu-sampler.ts";
import type { Logits } from "./logits.ts";
import { RowNoise } from "./noise.ts";
import type { Runtime } from "./runtime.ts";
import { type Draw, Sampler } from "./sampler.ts";

/** One row's draw. */
export interface RowDraw {
  readonly noise: NoiseSource;
  /** It draws as rollout `noise.rollout + row`. */
  readonly row: number;
  /** 0 for the first token after the prompt. */
  readonly step: number;
  readonly sampling: Sampling;
  /** Which row of the logits is its own; several may share one. */
  readonly place: number;
  /** Slot of its seen tokens; `null` where nothing is penalised. */
  readonly seen: number | null;
  /** Slot of its mask; `null` lets every token through. */
  readonly mask: number | null;
}

export interface TokenSampler {
  /** [rows] int64, drawn last and already on the GPU for the next step; `null` where tokens come to the CPU anyway. */
  readonly ids: GPUBuffer | null;
  /**
   * Takes over the logits.
   * @returns [rows], in their order
   * @throws {ModelError} `unexpected` if the logits of a row are no numbers; `device-lost`
   */
  draw(logits: Logits, rows: readonly RowDraw[]): Promise<Draw[]>;
  dispose(): void;
}

/**
 * @param logits one of those it will draw from
 * @param rows of a draw, at most
 */
export function openSampler(runtime: Runtime, { vocabulary, half }: Logits, rows: number): TokenSampler {
  const { gpu, loss } = runtime;
  if (gpu === null) return new OnCpu(vocabulary);
  return new OnGpu(new GpuSampler(gpu, { vocabulary, rows, half }), loss);
}

class OnGpu implements TokenSampler {
  readonly #sampler: GpuSampler;
  readonly #loss: DeviceLoss;

  constructor(sampler: GpuSampler, loss: DeviceLoss) {
    this.#sampler = sampler;
    this.#loss = loss;
  }

  get ids(): GPUBuffer {
    return this.#sampler.ids;
  }

  async draw(logits: Logits, rows: readonly RowDraw[]): Promise<Draw[]> {
    const draws = this.#loss.guard(() => this.#sampler.draw(logits.buffer!, rows));
    // The kernel is queued before the memory goes.
    logits.dispose();
    return draws;
  }

  dispose(): void {
    this.#sampler.dispose();
  }
}

class OnCpu implements TokenSampler {
  readonly ids = null;
  readonly #sampler: Sampler;

  constructor(vocabulary: number) {
    this.#sampler = new Sampler(vocabulary);
  }

  async draw(logits: Logits, rows: readonly RowDraw[]): Promise<Draw[]> {
    const { vocabulary } = logits;
    const values = await logits.read();
    return rows.map(({ noise, row, step, sampling, place }) => {
      const rowNoise = new RowNoise(noise, row);
      rowNoise.setStep(step);
      return this.#sampler.draw(values.subarray(place * vocabulary, (place + 1) * vocabulary), sampling, rowNoise);
    });
  }

  dispose(): void {
    // Nothing outside the heap.
  }
}
