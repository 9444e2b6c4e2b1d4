/** @file Writes a small ONNX graph, node by node: training graphs, and the models of tests and benchmarks. Leaves out subgraphs, and what is in the nodes. */
import { constantFields, GRAPH, TENSOR, tensorInfo } from "./onnx-file.ts";
import { type Field, bytesField, floatField, intField, messageField, textField, writeFields } from "./protobuf.ts";

export const FLOAT = 1;
const UINT8 = 2;
export const INT32 = 6;
export const INT64 = 7;

export type Attribute = number | readonly number[] | { readonly float: number };

/** Smaller constants stay in the graph, as exporters keep them. */
const EXTERNAL_BYTES = 1024;

export class GraphWriter {
  readonly #graph: Field[] = [textField(2, "graph")];
  #external: string | null;
  /** Constants of each file beside the graph, in order. */
  readonly #weights = new Map<string, Uint8Array[]>();

  /** @param external name of a file for the larger constants; `null` keeps them in the graph */
  constructor(external: string | null) {
    this.#external = external;
  }

  /** Larger constants go there from now on. */
  beside(external: string): void {
    this.#external = external;
  }

  input(name: string, type: number, dims: readonly (number | string)[]): string {
    this.#graph.push(tensorInfo(GRAPH.input, { name, type, dims }));
    return name;
  }

  output(name: string, type: number, dims: readonly (number | string)[]): void {
    this.#graph.push(tensorInfo(GRAPH.output, { name, type, dims }));
  }

  /** @returns `name`, as do the others, so that calls nest. */
  constant(
    name: string,
    dims: readonly number[],
    data: Float32Array | Int32Array | BigInt64Array | Uint8Array,
  ): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const tensor = constantFields(name, typeOf(data), dims);
    if (this.#external === null || bytes.length < EXTERNAL_BYTES) tensor.push(bytesField(TENSOR.raw, bytes));
    else {
      const before = this.#weights.get(this.#external) ?? [];
      const place = { location: this.#external, offset: lengthOf(before), length: bytes.length };
      for (const [key, value] of Object.entries(place))
        tensor.push(messageField(13, [textField(1, key), textField(2, String(value))]));
      tensor.push(intField(14, 1));
      this.#weights.set(this.#external, [...before, bytes]);
    }
    this.#graph.push(messageField(GRAPH.initializer, tensor));
    return name;
  }

  /** @returns the first of `outputs`. `Microsoft.X` is operator X of ONNX Runtime's own domain. */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const fields = [
      ...inputs.map((name) => textField(1, name)),
      ...outputs.map((name) => textField(2, name)),
      textField(4, operator.replace("Microsoft.", "")),
      ...Object.entries(attributes).map(([name, value]) => messageField(5, attribute(name, value))),
    ];
    if (operator.startsWith("Microsoft.")) fields.push(textField(7, "com.microsoft"));
    this.#graph.push(messageField(GRAPH.node, fields));
    return outputs[0]!;
  }

  /** Contents of a file beside the graph. @param external left out: of the last */
  weights(external = this.#external): Uint8Array {
    const pieces = this.#weights.get(external ?? "") ?? [];
    const all = new Uint8Array(lengthOf(pieces));
    let offset = 0;
    for (const bytes of pieces) {
      all.set(bytes, offset);
      offset += bytes.length;
    }
    return all;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const operators = messageField(8, [textField(1, ""), intField(2, 21)]);
    const contributed = messageField(8, [textField(1, "com.microsoft"), intField(2, 1)]);
    return writeFields([intField(1, 10), messageField(7, this.#graph), operators, contributed]);
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function typeOf(data: Float32Array | Int32Array | BigInt64Array | Uint8Array): number {
  if (data instanceof Float32Array) return FLOAT;
  if (data instanceof Int32Array) return INT32;
  return data instanceof Uint8Array ? UINT8 : INT64;
}

function attribute(name: string, value: Attribute): Field[] {
  if (typeof value === "number") return [textField(1, name), intField(3, value), intField(20, 2)];
  if ("float" in value) return [textField(1, name), floatField(2, value.float), intField(20, 1)];
  return [textField(1, name), ...value.map((one) => intField(8, one)), intField(20, 7)];
}
