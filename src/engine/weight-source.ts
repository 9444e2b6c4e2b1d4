/**
 * @file Which tensors of a hub's safetensors file feed a weight of a graph, and its numbers in the order in which the graph has them. Knows the
 * hub's own names (transformers, this project's recipes) and those of onnxruntime-genai's builder. Leaves out the graph (weight-inputs.ts).
 */
import type { Safetensors, Shapes } from "./safetensors.ts";

/** A float32 input of a graph that takes a weight. */
export interface WeightInput {
  readonly name: string;
  readonly dims: readonly number[];
  /** Of several, the outputs follow each other. */
  readonly tensors: readonly string[];
  /** [inputs, outputs], where the file has [outputs, inputs]. */
  readonly transposed: boolean;
}

/** @param factor is it the second of a product? @returns `null` for what is no weight */
export function findWeight(name: string, factor: boolean, shapes: Shapes): WeightInput | null {
  const tensors = tensorsOf(name, shapes);
  if (tensors === null) return null;
  const [, ...inner] = shapes.get(tensors[0]!)!;
  const outputs = tensors.reduce((sum, tensor) => sum + shapes.get(tensor)![0]!, 0);
  const dims = [outputs, ...inner];
  const transposed = factor && dims.length === 2;
  return { name, dims: transposed ? dims.toReversed() : dims, tensors, transposed };
}

function tensorsOf(name: string, shapes: Shapes): string[] | null {
  const hub = name
    .replace(".attn.", ".self_attn.")
    .replace(/\.(?:MatMul|layernorm)\.weight$/, ".weight")
    .replace(/^model\.layers\.\d+\.final_norm_layernorm\./, "model.norm.");
  // A head that has no tensor of its own is the embedding.
  const own = hub === "lm_head.weight" && !shapes.has(hub) ? "model.embed_tokens.weight" : hub;
  const parts = ["q", "k", "v"].map((part) => own.replace(".qkv_proj.", `.${part}_proj.`));
  const tensors = shapes.has(own) ? [own] : parts;
  return tensors.every((tensor) => shapes.has(tensor)) ? tensors : null;
}

/** How many numbers. */
export function weightSize({ dims }: WeightInput): number {
  return dims.reduce((product, length) => product * length, 1);
}

/** The numbers of a weight, in an array of their own. */
export function weightFrom(input: WeightInput, file: Safetensors): Float32Array<ArrayBuffer> {
  const values = new Float32Array(weightSize(input));
  readWeight(input, file, values);
  return values;
}

/** Fills `into` with the numbers of a weight; one tensor of the file is there beside it at a time. */
export function readWeight({ tensors, dims, transposed }: WeightInput, file: Safetensors, into: Float32Array): void {
  let start = 0;
  for (const tensor of tensors) {
    const values = file.read(tensor);
    if (transposed) transpose(values, into, { start, width: dims[1]! });
    else into.set(values, start);
    start += transposed ? values.length / dims[0]! : values.length;
  }
}

/** [outputs, inputs] into columns of [inputs, width] from `start`. */
function transpose(
  values: Float32Array,
  into: Float32Array,
  { start, width }: { readonly start: number; readonly width: number },
): void {
  const inputs = into.length / width;
  const outputs = values.length / inputs;
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) into[i * width + start + j] = values[j * inputs + i]!;
  }
}
