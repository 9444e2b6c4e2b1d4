/**
 * @file The cache of rows in place on the GPU: one buffer a layer and kind, [slots, kvHeads, room, headSize], that a pass reads and
 * writes (past and present share it). A row is contiguous, so it is copied at once. Slots lengthen in blocks, and become more as rows come. Leaves out which rows
 * there are, and how much memory may be used.
 */
import type { Tensor } from "onnxruntime-web/webgpu";
import { FLOAT_BYTES } from "./floats.ts";
import type { CacheShape, Kv } from "./kv.ts";
import type { Logits } from "./logits.ts";
import { prefill } from "./prefill.ts";
import type { RowCache } from "./row-cache.ts";
import type { NewTokens, PassingSession } from "./session.ts";
import { sharedLength } from "./shared-head.ts";

/** Slots lengthen by so many tokens, so that they are seldom copied. */
const BLOCK = 64;

export class SlotCache implements RowCache {
  readonly #session: PassingSession;
  readonly #gpu: GPUDevice;
  /** Of the cache inputs, in their order: the rows, and one slot more for a prompt. */
  #buffers: GPUBuffer[] = [];
  /** Rows that the buffers have room for. */
  #slots = 0;
  #prompts: GPUBuffer[] = [];
  /** A slot on the way from one place to another; made when a row first moves. */
  #spare: GPUBuffer[] | null = null;
  /** Tokens that a slot has room for. */
  #room = 0;
  /** What the slot of the prompt holds. */
  #prompt: readonly number[] = [];
  #lengths: number[] = [];
  /** Tensors over the buffers, by how many rows they show; gone with the buffers. */
  readonly #views = new WeakMap<readonly GPUBuffer[], Map<number, readonly Tensor[]>>();

  constructor(session: PassingSession, gpu: GPUDevice) {
    this.#session = session;
    this.#gpu = gpu;
  }

  async prefill(prompt: readonly number[], places: 0 | 1): Promise<Logits> {
    const known = sharedLength(this.#prompt, prompt);
    this.#prompt = prompt.slice(0, known);
    this.#ensureRoom(prompt.length);
    const { logits } = await prefill(this.#session, prompt.slice(known), this.#kv(this.#prompts, [known]), places);
    this.#prompt = prompt;
    return logits;
  }

  add(rows: number): void {
    this.#ensureSlots(this.#lengths.length + rows);
    const encoder = this.#gpu.createCommandEncoder();
    for (let slot = this.#lengths.length; slot < this.#lengths.length + rows; slot++) {
      this.#copyRow(encoder, { from: this.#prompts, slot: 0 }, { to: this.#buffers, slot });
    }
    this.#gpu.queue.submit([encoder.finish()]);
    for (let row = 0; row < rows; row++) this.#lengths.push(this.#prompt.length);
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
    return this.#session.graph.caches.map((cache) => {
      const size = slots * this.#rowBytes(cache, this.#room);
      return this.#gpu.createBuffer({ label: "kv", size, usage });
    });
  }

  #rowBytes(cache: CacheShape, room: number): number {
    return cache.kvHeads * this.#headBytes(cache, room);
  }

  #headBytes({ headSize }: CacheShape, room: number): number {
    return room * headSize * FLOAT_BYTES[this.#session.graph.cacheType];
  }

  #kv(buffers: readonly GPUBuffer[], lengths: readonly number[]): Kv {
    return { tensors: this.#viewsOf(buffers, lengths.length), lengths, room: this.#room, inPlace: true };
  }

  /** Of the first rows. */
  #viewsOf(buffers: readonly GPUBuffer[], rows: number): readonly Tensor[] {
    const views = this.#views.get(buffers) ?? new Map<number, readonly Tensor[]>();
    this.#views.set(buffers, views);
    const known = views.get(rows);
    if (known !== undefined) return known;
    const { caches, cacheType: dataType } = this.#session.graph;
    const made = caches.map(({ kvHeads, headSize }, i): Tensor => {
      const dims = [rows, kvHeads, this.#room, headSize];
      return this.#session.runtime.ort.Tensor.fromGpuBuffer(buffers[i]!, { dataType, dims });
    });
    views.set(rows, made);
    return made;
  }

  #copyRow(
    encoder: GPUCommandEncoder,
    { from, slot }: { from: readonly GPUBuffer[]; slot: number },
    target: { to: readonly GPUBuffer[]; slot: number },
  ): void {
    for (const [i, buffer] of from.entries()) {
      const bytes = this.#rowBytes(this.#session.graph.caches[i]!, this.#room);
      encoder.copyBufferToBuffer(buffer, slot * bytes, target.to[i]!, target.slot * bytes, bytes);
    }
  }

  /** Makes more slots where there are too few; what they hold stays. */
  #ensureSlots(slots: number): void {
    if (slots <= this.#slots) return;
    this.#slots = slots;
    this.#buffers = this.#lengthened(this.#buffers, this.#room, { slots, used: this.#lengths.length });
  }

  /** Lengthens all slots where they have no room for `tokens`; what they hold stays. */
  #ensureRoom(tokens: number): void {
    if (tokens <= this.#room) return;
    const before = this.#room;
    this.#room = Math.ceil(tokens / BLOCK) * BLOCK;
    this.#buffers = this.#lengthened(this.#buffers, before, { slots: this.#slots, used: this.#lengths.length });
    this.#prompts = this.#lengthened(this.#prompts, before, { slots: 1, used: this.#prompt.length === 0 ? 0 : 1 });
    for (const buffer of this.#spare ?? []) buffer.destroy();
    this.#spare = null;
  }

  #lengthened(
    old: readonly GPUBuffer[],
    before: number,
    { slots, used }: { slots: number; used: number },
  ): GPUBuffer[] {
    const buffers = this.#make(slots);
    const encoder = this.#gpu.createCommandEncoder();
    for (const [i, buffer] of old.entries()) {
      const cache = this.#session.graph.caches[i]!;
      const [from, to] = [this.#headBytes(cache, before), this.#headBytes(cache, this.#room)];
      for (let head = 0; head < used * cache.kvHeads; head++) {
        encoder.copyBufferToBuffer(buffer, head * from, buffers[i]!, head * to, from);
      }
    }
    this.#gpu.queue.submit([encoder.finish()]);
    // The copies are queued before the memory goes.
    for (const buffer of old) buffer.destroy();
    return buffers;
  }
}
