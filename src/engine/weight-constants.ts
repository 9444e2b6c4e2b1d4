/** @file A decoder's graph with other weights of the same model in it, in float32: what a training made, as a model like any other. Leaves out the other files of a model. */
import { bytesField, type Field, intField, messageField, textField } from "./protobuf.ts";
import { FLOAT, GRAPH, nameOf, readGraphFields, withGraph } from "./onnx-file.ts";
import type { Safetensors } from "./safetensors.ts";
import { openWeights } from "./weight-inputs.ts";
import { readWeight, type WeightInput } from "./weight-source.ts";

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

/** A TensorProto: dims 1, type 2, name 8, raw data 9. */
function constant(input: WeightInput, weights: Safetensors): Field {
  const { name, dims } = input;
  const values = new Float32Array(dims.reduce((product, length) => product * length, 1));
  readWeight(input, weights, values);
  return messageField(GRAPH.initializer, [
    ...dims.map((dim) => intField(1, dim)),
    intField(2, FLOAT),
    textField(8, name),
    bytesField(9, new Uint8Array(values.buffer)),
  ]);
}
