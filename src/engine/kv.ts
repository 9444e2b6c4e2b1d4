/**
 * @file The keys and values of some rows, as the graph left them, and how rows are copied into a new batch. Tensors are
 * [rows, kvHeads, length, headSize]; a shorter row fills the front of its length. On the CPU; on the GPU rows stay in place (slot-cache.ts).
 */
import type { Tensor } from "onnxruntime-web/webgpu";
import { type FloatType, floatsOf, zeros } from "./floats.ts";
import type { Runtime } from "./runtime.ts";

/** What a graph keeps; layers may differ. */
export interface KvShape {
  /** In the order of the graph's cache inputs: "0.key", "0.value", "1.key", … */
  readonly caches: readonly CacheShape[];
  readonly cacheType: FloatType;
}

export interface CacheShape {
  readonly name: string;
  readonly kvHeads: number;
  readonly headSize: number;
}

/** Owned by whoever holds it; ends with {@link disposeKv}. */
export interface Kv {
  /** In the order of the graph's cache inputs. */
  readonly tensors: readonly Tensor[];
  /** Tokens that each row really holds, [rows]. */
  readonly lengths: readonly number[];
  /** Tokens for which each tensor has room; the longest of `lengths`, or more. */
  readonly room: number;
  /** New tokens are written into it, where it has room; else a pass leaves it as it is and gives a longer one. */
  readonly inPlace?: true;
}

export interface KvRow {
  readonly kv: Kv;
  readonly row: number;
}

export function disposeKv(kv: Kv): void {
  for (const tensor of kv.tensors) tensor.dispose();
}

/** A batch of copies of `rows`, in their order; the same row may stand in it many times. The sources stay as they are. */
export function copyRows(runtime: Runtime, shape: KvShape, rows: readonly KvRow[]): Kv {
  const lengths = rows.map(({ kv, row }) => kv.lengths[row]!);
  const room = Math.max(...lengths);
  const tensors = shape.caches.map((cache, index) => {
    const dims = [rows.length, cache.kvHeads, room, cache.headSize];
    const plan = rows.flatMap(({ kv, row }, to) => rowCopies(cache, { kv, row, to, room }));
    return copied(runtime, { dims, plan, index, type: shape.cacheType });
  });
  return { tensors, lengths, room };
}

/** One contiguous copy, in elements. */
interface Copy {
  readonly from: Kv;
  readonly source: number;
  readonly target: number;
  readonly size: number;
}

interface CopyJob {
  readonly dims: readonly number[];
  readonly plan: readonly Copy[];
  /** Which of the tensors. */
  readonly index: number;
  readonly type: FloatType;
}

/** A row is one block if source and target have the same room, else one block a head. */
function rowCopies(cache: CacheShape, { kv, row, to, room }: KvRow & { to: number; room: number }): Copy[] {
  const { kvHeads, headSize } = cache;
  const whole = kv.room === room;
  const blocks = whole ? 1 : kvHeads;
  const sourceBlock = (whole ? kvHeads : 1) * kv.room * headSize;
  const targetBlock = (whole ? kvHeads : 1) * room * headSize;
  const size = whole ? targetBlock : kv.lengths[row]! * headSize;
  return Array.from({ length: blocks }, (_, block) => ({
    from: kv,
    source: (row * blocks + block) * sourceBlock,
    target: (to * blocks + block) * targetBlock,
    size,
  }));
}

function copied(runtime: Runtime, { dims, plan, index, type }: CopyJob): Tensor {
  const data = zeros(type, elements(dims));
  for (const { from, source, target, size } of plan) {
    data.set(floatsOf(from.tensors[index]!.data).subarray(source, source + size), target);
  }
  return new runtime.ort.Tensor(type, data, dims);
}

function elements(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
