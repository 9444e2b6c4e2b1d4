/**
 * @file Prepares a decoder's ONNX graph at load: its head runs on the hidden states at asked positions alone, so that no [length, vocabulary]
 * logits ever exist. Field numbers are those of onnx.proto3. Leaves out weights, which stay where they are.
 */
import { type Field, intField, ints, messageField, parseFields, textField, texts, writeFields } from "./protobuf.ts";

/** The input that is added: [rows, kept, 2] int64, row and position of every hidden state that the head is to read. */
export const POSITIONS_INPUT = "logit_positions";

export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
export const TENSOR = { dims: 1, type: 2, name: 8, raw: 9 } as const;
/** Element types. */
export const FLOAT = 1;
export const INT64 = 7;

const MODEL_GRAPH = 7;
const ATTRIBUTE_INTEGER = 3;
export const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 } as const;

/** What may stand between the head's product and the output: casts and soft caps (Gemma 2). */
const ELEMENTWISE = ["Cast", "Mul", "Div", "Tanh", "Identity"];
export const PRODUCTS = ["MatMul", "MatMulNBits", "Gemm"];

/** @returns the edited graph, or the same if its head gathers already; `null` if no head is found. @throws {RangeError} if the bytes are no protobuf message */
export function gatherBeforeHead(model: Uint8Array): Uint8Array | null {
  const before = readGraphFields(model);
  if (before.some((field) => field.number === GRAPH.input && nameOf(field) === POSITIONS_INPUT)) return model;
  const graph = edited(before);
  return graph === null ? null : withGraph(model, graph);
}

/** None if there is no graph. @throws {RangeError} if the bytes are no protobuf message */
export function readGraphFields(model: Uint8Array): Field[] {
  const graph = parseFields(model).find(({ number }) => number === MODEL_GRAPH);
  return parseFields(graph?.bytes ?? new Uint8Array());
}

/** The model with another graph in place of its own. */
export function withGraph(model: Uint8Array, graph: readonly Field[]): Uint8Array<ArrayBuffer> {
  const field = messageField(MODEL_GRAPH, graph);
  return writeFields(parseFields(model).map((old) => (old.number === MODEL_GRAPH ? field : old)));
}

/** A constant of the graph, but for its numbers: a TensorProto's dims, type and name. */
export function constantFields(name: string, type: number, dims: readonly number[]): Field[] {
  return [...dims.map((dim) => intField(TENSOR.dims, dim)), intField(TENSOR.type, type), textField(TENSOR.name, name)];
}

/** Nodes of the graph, in order. @throws {RangeError} if the bytes are no protobuf message */
export function readNodes(model: Uint8Array): Node[] {
  return nodesOf(readGraphFields(model));
}

export function nodesOf(graph: readonly Field[]): Node[] {
  return graph.filter(({ number }) => number === GRAPH.node).map(readNode);
}

export interface Node {
  readonly fields: readonly Field[];
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function readNode({ bytes }: Field): Node {
  const fields = parseFields(bytes);
  return {
    fields,
    operator: texts(fields, NODE.operator)[0] ?? "",
    inputs: texts(fields, NODE.input),
    outputs: texts(fields, NODE.output),
  };
}

function edited(graph: readonly Field[]): Field[] | null {
  const nodes = nodesOf(graph);
  const producer = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const head = headOf(producer);
  if (head === null) return null;
  const sliced = producer.get(head.inputs[0]!);
  // An export that keeps the last positions slices its states; all of them are wanted here.
  const states = sliced?.operator === "Slice" ? sliced.inputs[0]! : head.inputs[0]!;
  const gather = makeNode("GatherND", [states, POSITIONS_INPUT], "logit_states");
  const moved = withFirst(head, "logit_states");
  const all = nodes.flatMap((one) => (one === head ? [gather, moved] : [one]));
  const outputs = graph.filter(({ number }) => number === GRAPH.output).map(nameOf);
  const live = reaching(all, outputs);
  // How many to keep is what the positions say; other inputs stay, for graph.ts to judge.
  const isUnused = (field: Field): boolean =>
    field.number === GRAPH.input &&
    nameOf(field) === "num_logits_to_keep" &&
    live.every(({ inputs }) => !inputs.includes("num_logits_to_keep"));
  const rest = graph.filter((field) => field.number !== GRAPH.node && !isUnused(field));
  return [
    ...live.map(({ fields }) => messageField(GRAPH.node, fields)),
    ...rest,
    tensorInput(POSITIONS_INPUT, INT64, ["rows", "kept", 2]),
  ];
}

/** The product that makes the logits. */
function headOf(producer: ReadonlyMap<string, Node>): Node | null {
  let name: string | undefined = "logits";
  while (name !== undefined) {
    const node: Node | undefined = producer.get(name);
    if (node === undefined) return null;
    if (PRODUCTS.includes(node.operator)) return node;
    if (!ELEMENTWISE.includes(node.operator)) return null;
    // Its other input, if it has one, is a constant.
    name = node.inputs.find((input) => producer.has(input));
  }
  return null;
}

/** An attribute, at least 0; undefined where there is none, or a negative one, which stands for none. */
export function wholeNumber({ fields }: Node, attribute: string): number | undefined {
  const found = fields.find((field) => field.number === NODE.attribute && nameOf(field) === attribute);
  const [value] = found === undefined ? [] : ints(parseFields(found.bytes), ATTRIBUTE_INTEGER);
  // Negative ones are written as 64 bits.
  return value === undefined || value >= 2 ** 63 ? undefined : value;
}

/** Nodes that an output needs, in their order. */
export function reaching<N extends Pick<Node, "inputs" | "outputs">>(
  nodes: readonly N[],
  outputs: readonly string[],
): N[] {
  const needed = new Set(outputs);
  const live = new Set<N>();
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    live.add(node);
    for (const name of node.inputs) needed.add(name);
  }
  return nodes.filter((node) => live.has(node));
}

export function makeNode(operator: string, inputs: readonly string[], output: string): Node {
  const fields = [
    ...inputs.map((name) => textField(NODE.input, name)),
    textField(NODE.output, output),
    textField(NODE.name, output),
    textField(NODE.operator, operator),
  ];
  return { fields, operator, inputs, outputs: [output] };
}

/** `node` with another first input. */
function withFirst(node: Node, first: string): Node {
  const at = node.fields.findIndex(({ number }) => number === NODE.input);
  const fields = node.fields.with(at, textField(NODE.input, first));
  return { ...node, fields, inputs: [first, ...node.inputs.slice(1)] };
}

/** Inputs, outputs and attributes have their name in the same place. */
export function nameOf({ bytes }: Field): string {
  return texts(parseFields(bytes), 1)[0] ?? "";
}

/** The element type of an input. */
export function tensorType({ bytes }: Field): number {
  const inner = (fields: readonly Field[], number: number): Field[] =>
    parseFields(fields.find((field) => field.number === number)!.bytes);
  return ints(inner(inner(parseFields(bytes), 2), 1), 1)[0]!;
}

/** An input of the graph. @param dims lengths, or names of what is open */
export function tensorInput(name: string, type: number, dims: readonly (number | string)[]): Field {
  return tensorInfo(GRAPH.input, { name, type, dims });
}

/** An input or an output of the graph. */
export function tensorInfo(
  field: number,
  { name, type, dims }: { readonly name: string; readonly type: number; readonly dims: readonly (number | string)[] },
): Field {
  const shape = dims.map((dim) => messageField(1, [typeof dim === "number" ? intField(1, dim) : textField(2, dim)]));
  const tensor = [intField(1, type), messageField(2, shape)];
  return messageField(field, [textField(1, name), messageField(2, [messageField(1, tensor)])]);
}
