/**
 * @file Makes the weights of a decoder's graph inputs, so that one session runs with any weights: a policy in training and its frozen start.
 * What is computed from weights alone, such as a matrix unpacked from 8 bits, is a weight itself; tables of positions stay constants.
 * Leaves out where the weights come from (weight-source.ts) and how a device holds them (weight-set.ts).
 */
import { ModelError } from "../cat/models.ts";
import {
  FLOAT,
  GRAPH,
  nameOf,
  type Node,
  nodesOf,
  PRODUCTS,
  reaching,
  readGraphFields,
  TENSOR,
  tensorInput,
  withGraph,
} from "./onnx-file.ts";
import { type Field, ints, messageField, parseFields, texts } from "./protobuf.ts";
import type { Safetensors } from "./safetensors.ts";
import { findWeight, readWeight, type WeightInput } from "./weight-source.ts";

export interface OpenGraph {
  readonly model: Uint8Array;
  readonly inputs: readonly WeightInput[];
}

/**
 * @param tensors of the same model, which the weights that the graph has as they are must bear out
 * @throws {ModelError} `model-unsupported`, naming the weight or the tensor; RangeError if the bytes are no protobuf message
 */
export function openWeights(model: Uint8Array, tensors: Safetensors): OpenGraph {
  const graph = readGraphFields(model);
  const nodes = nodesOf(graph);
  const initializers = new Map(graph.filter(isInitializer).map((field) => [initializerName(field), field] as const));
  const inputs = findWeights(nodes, constants(nodes, initializers.keys()), tensors);
  for (const input of inputs) checkInitializer(input, initializers.get(input.name), tensors);

  const opened = new Set(inputs.map(({ name }) => name));
  const closed = [...initializers.keys()].filter((name) => !opened.has(name));
  const outputs = graph.filter(({ number }) => number === GRAPH.output).map(nameOf);
  const others = nodes.filter((node) => !node.outputs.some((name) => opened.has(name)));
  const live = reaching(others, outputs);
  checkAllTaken(inputs, tensors);
  checkNoneLeft(live, constants(live, closed));

  const [before, after] = [nodes, live].map((list) => new Set(list.flatMap((node) => node.inputs)));
  // What no node took is for a subgraph, and stays.
  const kept = new Set(closed.filter((name) => after!.has(name) || !before!.has(name)));
  const rest = graph.filter(
    (field) => field.number !== GRAPH.node && (!isInitializer(field) || kept.has(initializerName(field))),
  );
  const fields = live.map((node) => messageField(GRAPH.node, node.fields));
  const added = inputs.map(({ name, dims }) => tensorInput(name, FLOAT, dims));
  return { model: withGraph(model, [...fields, ...rest, ...added]), inputs };
}

function isInitializer({ number }: Field): boolean {
  return number === GRAPH.initializer;
}

function initializerName({ bytes }: Field): string {
  return texts(parseFields(bytes), TENSOR.name)[0] ?? "";
}

/** Names of all values that are the same in every run. */
function constants(nodes: readonly Node[], initializers: Iterable<string>): Set<string> {
  // An input that is left out has no name.
  const known = new Set(["", ...initializers]);
  for (const { inputs, outputs } of nodes) {
    if (inputs.every((name) => known.has(name))) for (const name of outputs) known.add(name);
  }
  return known;
}

function findWeights(nodes: readonly Node[], known: ReadonlySet<string>, { shapes }: Safetensors): WeightInput[] {
  // A product takes its weight as the second.
  const factors = new Set(nodes.flatMap(({ operator, inputs }) => (operator === "MatMul" ? [inputs[1]!] : [])));
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const found = [...used].filter((name) => known.has(name)).map((name) => findWeight(name, factors.has(name), shapes));
  return found.filter((input) => input !== null);
}

/** A weight that is computed cannot be compared: its name must do. */
function checkInitializer(input: WeightInput, initializer: Field | undefined, tensors: Safetensors): void {
  if (initializer === undefined) return;
  const fields = parseFields(initializer.bytes);
  const { name, dims } = input;
  const shape = ints(fields, TENSOR.dims);
  if (ints(fields, TENSOR.type)[0] !== FLOAT) refuse(`has ${name} in another type than float32`);
  if (shape.join() !== dims.join()) refuse(`has ${name} as [${shape.join()}], model.safetensors as [${dims.join()}]`);
  const raw = fields.find(({ number }) => number === TENSOR.raw);
  // Files beside the graph are not looked into.
  if (raw === undefined) return;
  const own = new Float32Array(new Uint8Array(raw.bytes).buffer);
  const theirs = new Float32Array(own.length);
  readWeight(input, tensors, theirs);
  // The file may be rounded to half precision.
  if (!own.every((value, i) => Math.abs(value - theirs[i]!) <= Math.abs(value) / 128 + 2 ** -20)) {
    refuse(`has other numbers for ${name} than model.safetensors`);
  }
}

/** Each tensor goes to one weight: of two, a trainer would change one and forget the other. */
function checkAllTaken(inputs: readonly WeightInput[], { shapes }: Safetensors): void {
  const taken = inputs.flatMap((input) => input.tensors);
  for (const name of shapes.keys()) {
    const times = taken.filter((other) => other === name).length;
    if (times === 0) refuse(`has no weight that is ${name} of model.safetensors`);
    if (times > 1) refuse(`has ${name} of model.safetensors as more than one weight`);
  }
}

function checkNoneLeft(nodes: readonly Node[], known: ReadonlySet<string>): void {
  const products = nodes.filter(({ operator }) => PRODUCTS.includes(operator));
  const left = products.map(({ inputs }) => inputs[1]!).find((name) => known.has(name));
  if (left !== undefined) refuse(`has a weight, ${left}, that is no tensor of model.safetensors`);
}

function refuse(what: string): never {
  const remedy = "Choose a float32 export of the same model, such as onnxruntime-genai's builder makes.";
  throw new ModelError("model-unsupported", `The model's graph ${what}. ${remedy}`);
}
