/**
 * @file The cache of rows in place on the GPU: one buffer a layer and kind, [slots, kvHeads, room, headSize], that a pass reads and
 * writes (past and present share it). A row is contiguous, so it is copied at once. Slots lengthen in blocks. Leaves out which rows
 * there are, and how much memory may be used.
 */
import type { Tensor } from "onnxruntime-web/webgpu";
import type { Kv } from "./kv.ts";
import type { Logits } from "./logits.ts";
import { prefill } from "./prefill.ts";
import type { RowCache } from "./row-cache.ts";
import type { NewTokens, PassingSession } from "./session.ts";

/** Slots lengthen by so many tokens, so that they are seldom copied. */
const BLOCK = 64;

export class SlotCache implements RowCache {
  readonly #session: PassingSession;
  readonly #gpu: GPUDevice;
  readonly #slots: number;
  /** Of the cache inputs, in their order: the rows, and one slot more for a prompt. */
  #buffers: GPUBuffer[] = [];
  #prompts: GPUBuffer[] = [];
  /** A slot on the way from one place to another; made when a row first moves. */
  #spare: GPUBuffer[] | null = null;
  /** Tokens that a slot has room for. */
  #room = 0;
  #promptLength = 0;
  #lengths: number[] = [];

  constructor(session: PassingSession, gpu: GPUDevice, slots: number) {
    this.#session = session;
    this.#gpu = gpu;
    this.#slots = slots;
  }

  get lengths(): readonly number[] {
    return this.#lengths;
  }

  async prefill(prompt: readonly number[]): Promise<Logits> {
    this.#promptLength = 0;
    this.#ensureRoom(prompt.length);
    const { logits } = await prefill(this.#session, prompt, this.#kv(this.#prompts, [0]));
    this.#promptLength = prompt.length;
    return logits;
  }

  add(rows: number): void {
    const encoder = this.#gpu.createCommandEncoder();
    for (let slot = this.#lengths.length; slot < this.#lengths.length + rows; slot++) {
      this.#copyRow(encoder, { from: this.#prompts, slot: 0 }, { to: this.#buffers, slot });
    }
    this.#gpu.queue.submit([encoder.finish()]);
    for (let row = 0; row < rows; row++) this.#lengths.push(this.#promptLength);
  }

  drop(place: number): void {
    const last = this.#lengths.length - 1;
    const length = this.#lengths.pop()!;
    if (place === last) return;
    // A buffer cannot be copied into itself.
    const encoder = this.#gpu.createCommandEncoder();
    const by = this.#scratch();
    this.#copyRow(encoder, { from: this.#buffers, slot: last }, { to: by, slot: 0 });
    this.#copyRow(encoder, { from: by, slot: 0 }, { to: this.#buffers, slot: place });
    this.#gpu.queue.submit([encoder.finish()]);
    this.#lengths[place] = length;
  }

  async step(ids: NewTokens): Promise<Logits> {
    this.#ensureRoom(Math.max(...this.#lengths) + 1);
    const { logits, kv } = await this.#session.pass(ids, this.#kv(this.#buffers, this.#lengths));
    this.#lengths = [...kv.lengths];
    return logits;
  }

  dispose(): void {
    for (const buffer of [...this.#buffers, ...this.#prompts, ...(this.#spare ?? [])]) buffer.destroy();
  }

  #scratch(): GPUBuffer[] {
    this.#spare ??= this.#make(1);
    return this.#spare;
  }

  #make(slots: number): GPUBuffer[] {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const size = slots * this.#rowBytes(this.#room);
    return this.#session.graph.cacheNames.map(() => this.#gpu.createBuffer({ label: "kv", size, usage }));
  }

  #rowBytes(room: number): number {
    const { kvHeads, headSize } = this.#session.graph;
    return kvHeads * room * headSize * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Views of the buffers for as many rows as there are lengths. */
  #kv(buffers: readonly GPUBuffer[], lengths: readonly number[]): Kv {
    const { kvHeads, headSize } = this.#session.graph;
    const dims = [lengths.length, kvHeads, this.#room, headSize];
    const view = (buffer: GPUBuffer): Tensor =>
      this.#session.runtime.ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims });
    return { tensors: buffers.map(view), lengths, room: this.#room, inPlace: true };
  }

  #copyRow(
    encoder: GPUCommandEncoder,
    { from, slot }: { from: readonly GPUBuffer[]; slot: number },
    target: { to: readonly GPUBuffer[]; slot: number },
  ): void {
    const bytes = this.#rowBytes(this.#room);
    for (const [i, buffer] of from.entries()) {
      encoder.copyBufferToBuffer(buffer, slot * bytes, target.to[i]!, target.slot * bytes, bytes);
    }
  }

  /** Lengthens all slots where they have no room for `tokens`; what they hold stays. */
  #ensureRoom(tokens: number): void {
    if (tokens <= this.#room) return;
    const before = this.#room;
    this.#room = Math.ceil(tokens / BLOCK) * BLOCK;
    this.#buffers = this.#lengthened(this.#buffers, before, { slots: this.#slots, used: this.#lengths.length });
    this.#prompts = this.#lengthened(this.#prompts, before, { slots: 1, used: this.#promptLength === 0 ? 0 : 1 });
    for (const buffer of this.#spare ?? []) buffer.destroy();
    this.#spare = null;
  }

  #lengthened(
    old: readonly GPUBuffer[],
    before: number,
    { slots, used }: { slots: number; used: number },
  ): GPUBuffer[] {
    const buffers = this.#make(slots);
    const { kvHeads, headSize } = this.#session.graph;
    const token = headSize * Float32Array.BYTES_PER_ELEMENT;
    const encoder = this.#gpu.createCommandEncoder();
    for (const [i, buffer] of old.entries()) {
      for (let head = 0; head < used * kvHeads; head++) {
        encoder.copyBufferToBuffer(
          buffer,
          head * before * token,
          buffers[i]!,
          head * this.#room * token,
          before * token,
        );
      }
    }
    this.#gpu.queue.submit([encoder.finish()]);
    // The copies are queued before the memory goes.
    for (const buffer of old) buffer.destroy();
    return buffers;
  }
}
