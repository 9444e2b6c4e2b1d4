/**
 * @file Reads a safetensors file: which tensors it holds, and one at a time as float32. A file that is cut off or does not add up is refused.
 * Leaves out writing, and what the tensors are for (weight-inputs.ts).
 */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";
import { widened } from "./floats.ts";

/** Bytes of one number. */
const WIDTHS = { F32: 4, F16: 2, BF16: 2 } as const;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entry = v.object({ dtype: v.string(), shape: v.array(count), data_offsets: v.tuple([count, count]) });
const header = v.record(v.string(), v.unknown());

interface Place {
  readonly type: keyof typeof WIDTHS;
  readonly start: number;
  readonly end: number;
}

/** Lengths of the dimensions of each tensor, by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

export class Safetensors {
  readonly shapes: Shapes;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #data: Uint8Array;

  /** @param bytes kept, not copied @throws {ModelError} `file-damaged`; `model-unsupported` for numbers that are not F32, F16 or BF16 */
  constructor(bytes: Uint8Array) {
    const length = headerLength(bytes);
    this.#data = bytes.subarray(8 + length);
    const { __metadata__: _, ...tensors } = readHeader(bytes.subarray(8, 8 + length));
    const shapes = new Map<string, readonly number[]>();
    const places = new Map<string, Place>();
    for (const [name, value] of Object.entries(tensors)) {
      const { shape, place } = readEntry(name, value);
      if (place.end > this.#data.length) damaged(`it ends within ${name}`);
      shapes.set(name, shape);
      places.set(name, place);
    }
    this.shapes = shapes;
    this.#places = places;
  }

  /** The numbers of a tensor that is there, row by row; the caller's own. */
  read(name: string): Float32Array<ArrayBuffer> {
    const { type, start, end } = this.#places.get(name)!;
    // Copied, since a view of numbers must begin at a multiple of their width. Not by `slice`, which copies nothing of Node's buffers.
    const { buffer } = new Uint8Array(this.#data.subarray(start, end));
    if (type === "F32") return new Float32Array(buffer);
    if (type === "F16") return new Float32Array(widened(new Uint16Array(buffer)));
    // The upper half of a float32.
    return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
  }
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < 8) damaged("it ends within the length of its header");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) damaged("it ends within its header");
  return length;
}

function readHeader(bytes: Uint8Array): v.InferOutput<typeof header> {
  try {
    return v.parse(header, JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    damaged("its header is not a JSON object", error);
  }
}

function readEntry(name: string, value: unknown): { shape: readonly number[]; place: Place } {
  const parsed = v.safeParse(entry, value);
  if (!parsed.success) damaged(`its header does not describe ${name}`);
  const { dtype, shape, data_offsets } = parsed.output;
  if (!isKnown(dtype)) {
    const message = `${name} in model.safetensors is ${dtype}; F32, F16 or BF16 is needed. Choose a model that is not quantised.`;
    throw new ModelError("model-unsupported", message);
  }
  const [start, end] = data_offsets;
  const bytes = shape.reduce((product, length) => product * length, WIDTHS[dtype]);
  if (end - start !== bytes) damaged(`${name} has ${end - start} bytes instead of ${bytes}`);
  return { shape, place: { type: dtype, start, end } };
}

function isKnown(dtype: string): dtype is Place["type"] {
  return Object.hasOwn(WIDTHS, dtype);
}

function damaged(what: string, cause?: unknown): never {
  const message = `model.safetensors is damaged: ${what}. Remove the model and load it again.`;
  throw new ModelError("file-damaged", message, { cause });
}
