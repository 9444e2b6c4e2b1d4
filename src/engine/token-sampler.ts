/** @file Draws the next token of each row of a batch, on the device that has the logits: the GPU's kernel, or the CPU's oracle elsewhere. */
import type { NoiseSource, Sampling } from "../cat/models.ts";
import type { DeviceLoss } from "./device-loss.ts";
import { GpuSampler } from "./gpu-sampler.ts";
import type { Logits } from "./logits.ts";
import { RowNoise } from "./noise.ts";
import type { Runtime } from "./runtime.ts";
import { type Draw, Sampler } from "./sampler.ts";
import { add, type TokenSet } from "./vocabulary.ts";

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
  /** From the next draw on, `slot` holds these tokens as seen; drawn ones join them. */
  setSeen(slot: number, tokens: Iterable<number>): void;
  /** From the next draw on, `slot` lets only these tokens through. */
  setMask(slot: number, mask: TokenSet): void;
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
 * @param rows of a draw, at most; there are as many slots
 */
export function openSampler(runtime: Runtime, { vocabulary, half }: Logits, rows: number): TokenSampler {
  const { gpu, loss } = runtime;
  if (gpu === null) return new OnCpu(vocabulary);
  return new OnGpu(new GpuSampler(gpu, { vocabulary, rows, half }), vocabulary, loss);
}

class OnGpu implements TokenSampler {
  readonly #sampler: GpuSampler;
  readonly #vocabulary: number;
  readonly #loss: DeviceLoss;

  constructor(sampler: GpuSampler, vocabulary: number, loss: DeviceLoss) {
    this.#sampler = sampler;
    this.#vocabulary = vocabulary;
    this.#loss = loss;
  }

  get ids(): GPUBuffer {
    return this.#sampler.ids;
  }

  setSeen(slot: number, tokens: Iterable<number>): void {
    this.#sampler.writeSeen(slot, setOf(tokens, this.#vocabulary));
  }

  setMask(slot: number, mask: TokenSet): void {
    // The logits of many models have more places than the tokenizer has tokens, of some fewer.
    const words = new Uint32Array(Math.ceil(this.#vocabulary / 32));
    words.set(mask.subarray(0, words.length));
    this.#sampler.writeMask(slot, words);
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
  readonly #vocabulary: number;
  readonly #sampler: Sampler;
  /** By slot. */
  readonly #seen: TokenSet[] = [];
  readonly #masks: TokenSet[] = [];

  constructor(vocabulary: number) {
    this.#vocabulary = vocabulary;
    this.#sampler = new Sampler(vocabulary);
  }

  setSeen(slot: number, tokens: Iterable<number>): void {
    this.#seen[slot] = setOf(tokens, this.#vocabulary);
  }

  setMask(slot: number, mask: TokenSet): void {
    this.#masks[slot] = mask;
  }

  async draw(logits: Logits, rows: readonly RowDraw[]): Promise<Draw[]> {
    const { vocabulary } = logits;
    const values = await logits.read();
    return rows.map(({ noise, row, step, sampling, place, seen: seenSlot, mask: maskSlot }) => {
      const rowNoise = new RowNoise(noise, row);
      rowNoise.setStep(step);
      const seen = seenSlot === null ? undefined : this.#seen[seenSlot];
      const mask = maskSlot === null ? undefined : this.#masks[maskSlot];
      const own = values.subarray(place * vocabulary, (place + 1) * vocabulary);
      const draw = this.#sampler.draw(own, sampling, rowNoise, { seen, mask });
      if (seen !== undefined) add(seen, draw.token);
      return draw;
    });
  }

  dispose(): void {
    // Nothing outside the heap.
  }
}

function setOf(tokens: Iterable<number>, vocabulary: number): TokenSet {
  const set = new Uint32Array(Math.ceil(vocabulary / 32));
  for (const token of tokens) add(set, token);
  return set;
}
