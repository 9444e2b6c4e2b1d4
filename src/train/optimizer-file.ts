/** @file What AdamW remembers, as a safetensors file: with the weights all that a training needs to go on. */
import { ModelError } from "../cat/models.ts";
import type { Safetensors } from "../engine/safetensors.ts";
import { safetensorsFile, type WrittenTensor } from "../engine/safetensors-writer.ts";
import type { WeightInput } from "../engine/weight-source.ts";
import type { Moments } from "./adamw.ts";

export interface OptimizerState {
  /** So far. */
  readonly updates: number;
  readonly moments: Moments;
}

const UPDATES = "updates";
const MOMENTS = ["first", "second"] as const;

export function writeOptimizerFile({ updates, moments }: OptimizerState, inputs: readonly WeightInput[]): Uint8Array {
  const tensors: Record<string, WrittenTensor> = { [UPDATES]: { shape: [1], data: Float32Array.of(updates) } };
  for (const { name, dims } of inputs) {
    for (const which of MOMENTS) tensors[`${which}.${name}`] = { shape: dims, data: moments[which][name]! };
  }
  return safetensorsFile(tensors);
}

/** @throws {ModelError} `file-damaged` if it is of another model */
export function readOptimizerFile(file: Safetensors, inputs: readonly WeightInput[]): OptimizerState {
  const read = (name: string, dims: readonly number[]): Float32Array => {
    if (file.shapes.get(name)?.join() === dims.join()) return file.read(name);
    const message = `The checkpoint has no ${name} of [${dims.join()}]. Choose a checkpoint of this model.`;
    throw new ModelError("file-damaged", message);
  };
  const momentsOf = (which: (typeof MOMENTS)[number]): Record<string, Float32Array> =>
    Object.fromEntries(inputs.map(({ name, dims }) => [name, read(`${which}.${name}`, dims)]));
  const [updates] = read(UPDATES, [1]);
  return { updates: updates!, moments: { first: momentsOf("first"), second: momentsOf("second") } };
}
