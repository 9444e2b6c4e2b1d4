/**
 * @file Draws the next token of many rows on the GPU and reads 16 bytes of each back; the ids stay there for the next step. Gives what
 * sampler.ts gives up to rounding in f32. Leaves out the arithmetic (sampler-kernel.ts) and which rows there are.
 */
import { ModelError } from "../cat/models.ts";
import { PURPOSE_CODES } from "../run/seed.ts";
import { pipelineOf } from "./pipelines.ts";
import { NONE, ROW_WORDS, samplerKernel, threadsFor } from "./sampler-kernel.ts";
import type { Draw } from "./sampler.ts";
import type { RowDraw } from "./token-sampler.ts";

export interface GpuSamplerSize {
  readonly vocabulary: number;
  /** Most rows of one draw. */
  readonly rows: number;
  /** Are logits f16? Else f32. */
  readonly half: boolean;
}

/** Bytes that come back for each row: token, log-probability, entropy, margin. */
export const BYTES_READ = 16;

export class GpuSampler {
  /** [rows] int64 token ids, in the order of the last draw: an input of the next step. Owned by the sampler. */
  readonly ids: GPUBuffer;
  readonly #gpu: GPUDevice;
  readonly #size: GpuSamplerSize;
  readonly #pipeline: GPUComputePipeline;
  readonly #vocabulary: GPUBuffer;
  readonly #rows: GPUBuffer;
  readonly #drawn: GPUBuffer;
  readonly #masks: GPUBuffer;
  readonly #seen: GPUBuffer;
  /** Free for a read-back; as many are made as are ever under way at once. */
  readonly #staging: GPUBuffer[] = [];
  readonly #all: GPUBuffer[] = [];
  /** By the logits that they bind: ONNX Runtime has few such buffers, which come again. */
  readonly #bindings = new WeakMap<GPUBuffer, GPUBindGroup>();

  constructor(gpu: GPUDevice, size: GpuSamplerSize) {
    this.#gpu = gpu;
    this.#size = size;
    const code = samplerKernel(size.half, threadsFor(size.vocabulary));
    this.#pipeline = pipelineOf(gpu, { label: "sampler", code, entryPoint: "sample" });
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const bits = 4 * this.#bitWords * size.rows;
    this.#vocabulary = this.#buffer(16, UNIFORM | COPY_DST);
    this.#rows = this.#buffer(4 * ROW_WORDS * size.rows, STORAGE | COPY_DST);
    this.#drawn = this.#buffer(BYTES_READ * size.rows, STORAGE | COPY_SRC);
    this.#masks = this.#buffer(bits, STORAGE | COPY_DST);
    this.#seen = this.#buffer(bits, STORAGE | COPY_DST);
    // Where a graph wants them on the CPU, ONNX Runtime copies them in sixteens.
    this.ids = this.#buffer(16 * Math.ceil(size.rows / 2), STORAGE | COPY_SRC | COPY_DST);
    gpu.queue.writeBuffer(this.#vocabulary, 0, Uint32Array.of(size.vocabulary));
  }

  /** Words of a set of tokens, a bit each: token t is bit t mod 32 of word ⌊t / 32⌋. */
  get #bitWords(): number {
    return Math.ceil(this.#size.vocabulary / 32);
  }

  /** From the next draw on, `slot` holds these tokens as seen; drawn ones join them. @param words a bit a token */
  writeSeen(slot: number, words: Uint32Array<ArrayBuffer>): void {
    this.#gpu.queue.writeBuffer(this.#seen, 4 * this.#bitWords * slot, words);
  }

  /** From the next draw on, `slot` lets only these tokens through. @param words a bit a token */
  writeMask(slot: number, words: Uint32Array<ArrayBuffer>): void {
    this.#gpu.queue.writeBuffer(this.#masks, 4 * this.#bitWords * slot, words);
  }

  /**
   * Queues one draw for each row. The ids are there for whatever is queued next; the promise is for the CPU.
   * @param logits [places × vocabulary]
   * @returns [rows], in their order
   * @throws {ModelError} `unexpected` if the logits of a row are no numbers or its mask is empty
   */
  async draw(logits: GPUBuffer, rows: readonly RowDraw[]): Promise<Draw[]> {
    const { queue } = this.#gpu;
    queue.writeBuffer(this.#rows, 0, this.#words(rows));
    const encoder = this.#gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#bindingOf(logits));
    pass.dispatchWorkgroups(rows.length);
    pass.end();
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.#staging.pop() ?? this.#buffer(BYTES_READ * this.#size.rows, MAP_READ | COPY_DST);
    const bytes = BYTES_READ * rows.length;
    encoder.copyBufferToBuffer(this.#drawn, 0, staging, 0, bytes);
    queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    const draws = readDraws(staging.getMappedRange(0, bytes));
    staging.unmap();
    this.#staging.push(staging);
    return draws;
  }

  /** Frees everything. A draw under way fails. */
  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
  }

  #bindingOf(logits: GPUBuffer): GPUBindGroup {
    const known = this.#bindings.get(logits);
    if (known !== undefined) return known;
    const buffers = [this.#vocabulary, this.#rows, logits, this.#masks, this.#seen, this.#drawn, this.ids];
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const made = this.#gpu.createBindGroup({ layout: this.#pipeline.getBindGroupLayout(0), entries });
    this.#bindings.set(logits, made);
    return made;
  }

  #buffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#gpu.createBuffer({ label: "sampler", size, usage });
    this.#all.push(buffer);
    return buffer;
  }

  /** In the order of `Row` in the kernel. */
  #words(rows: readonly RowDraw[]): Uint32Array<ArrayBuffer> {
    const words = new Uint32Array(ROW_WORDS * rows.length);
    const floats = new Float32Array(words.buffer);
    const slot = (index: number | null): number => (index === null ? NONE : index * this.#bitWords);
    for (const [i, { noise, row, step, sampling, place, seen, mask }] of rows.entries()) {
      const { temperature, topK, topP, repetitionPenalty = 1 } = sampling;
      const { seed, group, purpose, rollout } = noise;
      const at = i * ROW_WORDS;
      words.set([seed, group, PURPOSE_CODES[purpose], rollout + row, step, place, topK ?? NONE], at);
      words.set([slot(seen), slot(mask)], at + 7);
      floats.set([temperature, topP ?? 1, repetitionPenalty], at + 9);
    }
    return words;
  }
}

function readDraws(bytes: ArrayBuffer): Draw[] {
  const words = new Uint32Array(bytes);
  const floats = new Float32Array(bytes);
  return Array.from({ length: words.length / 4 }, (_, row) => {
    const at = 4 * row;
    const token = words[at]!;
    if (token === NONE) {
      const message = "The model answered with numbers that are none, or no token was allowed. Try another device.";
      throw new ModelError("unexpected", message);
    }
    const margin = floats[at + 3]!;
    return { token, logprob: floats[at + 1]!, entropy: floats[at + 2]!, margin: margin < 0 ? null : margin };
  });
}
