/** @file The weights of a set as the hub's model.safetensors, in float32, and back. The way back is the engine's (weight-source.ts), which this undoes. */
import type { Feeds, Tensor } from "../engine/ort.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Safetensors } from "../engine/safetensors.ts";
import { safetensorsFile, type WrittenTensor } from "../engine/safetensors-writer.ts";
import { weightFrom, type WeightInput } from "../engine/weight-source.ts";
import type { Heads } from "./attention.ts";
import { readFloats } from "./gpu-floats.ts";

/** @param heads tell how long each of several joined tensors is */
export async function writeWeightFile(
  runtime: Runtime,
  inputs: readonly WeightInput[],
  weights: Feeds,
  heads: Heads,
): Promise<Uint8Array> {
  const tensors: Record<string, WrittenTensor> = {};
  for (const input of inputs) {
    const values = await numbersOf(runtime, weights[input.name]!);
    Object.assign(tensors, hubTensors(input, values, heads));
  }
  return safetensorsFile(tensors);
}

/** @throws {ModelError} as reading the file does */
export function readWeightFile({ gpu }: Runtime, inputs: readonly WeightInput[], file: Safetensors, into: Feeds): void {
  for (const input of inputs) {
    const tensor = into[input.name]!;
    const values = weightFrom(input, file);
    if (gpu === null) (tensor.data as Float32Array).set(values);
    else gpu.queue.writeBuffer(tensor.gpuBuffer, 0, values);
  }
}

function numbersOf({ gpu }: Runtime, tensor: Tensor): Promise<Float32Array> {
  if (gpu === null) return Promise.resolve(tensor.data as Float32Array);
  return readFloats(gpu, tensor.gpuBuffer, tensor.size);
}

function hubTensors({ dims, tensors, transposed }: WeightInput, values: Float32Array, heads: Heads) {
  const shape = transposed ? dims.toReversed() : dims;
  const data = transposed ? turned(values, dims[0]!, dims[1]!) : values;
  const [outputs, ...inner] = shape;
  // Only queries, keys and values are ever joined.
  const { heads: queries, kvHeads, headSize } = heads;
  const rows = tensors.length === 1 ? [outputs!] : [queries, kvHeads, kvHeads].map((count) => count * headSize);
  const width = values.length / outputs!;
  let start = 0;
  return Object.fromEntries(
    tensors.map((name, i): [string, WrittenTensor] => {
      const end = start + rows[i]! * width;
      const part = data.slice(start, end);
      start = end;
      return [name, { shape: [rows[i]!, ...inner], data: part }];
    }),
  );
}

function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
