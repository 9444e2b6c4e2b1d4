/** @file A decoder's graph with other weights of the same model in it, in float32: what a training made, as a model like any other. Leaves out the other files of a model. */
import { bytesField, type Field, messageField } from "./protobuf.ts";
import { constantFields, FLOAT, GRAPH, nameOf, readGraphFields, TENSOR, withGraph } from "./onnx-file.ts";
import type { Safetensors } from "./safetensors.ts";
import { openWeights } from "./weight-inputs.ts";
import { weightFrom, type WeightInput } from "./weight-source.ts";

/**
 * @param own what the graph has now
 * @throws {ModelError} `model-unsupported`, naming the weight or the tensor; RangeError if the bytes are no protobuf message
 */
export function withOtherWeights(model: Uint8Array, own: Safetensors, weights: Safetensors): Uint8Array<ArrayBuffer> {
  const { model: opened, inputs } = openWeights(model, own);
  const names = new Set(inputs.map(({ name }) => name));
  const rest = readGraphFields(opened).filter((field) => field.number !== GRAPH.input || !names.has(nameOf(field)));
  return withGraph(opened, [...rest, ...inputs.map((input) => constant(input, weights))]);
}

function constant(input: WeightInput, weights: Safetensors): Field {
  const numbers = bytesField(TENSOR.raw, new Uint8Array(weightFrom(input, weights).buffer));
  return messageField(GRAPH.initializer, [...constantFields(input.name, FLOAT, input.dims), numbers]);
}
