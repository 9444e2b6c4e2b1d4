/** @file Writes the protobuf of a small ONNX graph (onnx.proto3 field numbers in the calls). Models of tests and benchmarks: no subgraphs. */

export const FLOAT = 1;
const UINT8 = 2;
export const INT32 = 6;
export const INT64 = 7;

type Attribute = number | { readonly float: number };

class Message {
  readonly #bytes: number[] = [];
  readonly #parts: Uint8Array[] = [];

  int(field: number, value: number | bigint): this {
    this.#varint(field << 3);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#varint((field << 3) | 5);
    this.#bytes.push(...new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint((field << 3) | 2);
    this.#varint(value.length);
    this.#parts.push(Uint8Array.from(this.#bytes.splice(0)), value);
    return this;
  }

  finish(): Uint8Array {
    this.#parts.push(Uint8Array.from(this.#bytes.splice(0)));
    const all = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const part of this.#parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }

  #varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#bytes.push(Number(rest & 127n) | 128);
    this.#bytes.push(Number(rest));
  }
}

/** Smaller constants stay in the graph, as exporters keep them. */
const EXTERNAL_BYTES = 1024;

export class GraphWriter {
  readonly #graph = new Message().text(2, "test");
  readonly #external: string | null;
  readonly #weights: Uint8Array[] = [];
  #offset = 0;

  /** @param external name of a file for the larger constants; `null` keeps them in the graph */
  constructor(external: string | null) {
    this.#external = external;
  }

  input(name: string, type: number, dims: readonly (number | string)[]): string {
    this.#graph.message(11, valueInfo(name, type, dims));
    return name;
  }

  output(name: string, type: number, dims: readonly (number | string)[]): void {
    this.#graph.message(12, valueInfo(name, type, dims));
  }

  /** @returns `name`, as do the others, so that calls nest. */
  constant(name: string, dims: readonly number[], data: Float32Array | BigInt64Array | Uint8Array): string {
    const type = data instanceof Float32Array ? FLOAT : data instanceof Uint8Array ? UINT8 : INT64;
    const tensor = new Message();
    for (const dim of dims) tensor.int(1, dim);
    tensor.int(2, type).text(8, name);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.#external === null || bytes.length < EXTERNAL_BYTES) tensor.bytes(9, bytes);
    else {
      const place = { location: this.#external, offset: this.#offset, length: bytes.length };
      for (const [key, value] of Object.entries(place))
        tensor.message(13, new Message().text(1, key).text(2, String(value)));
      tensor.int(14, 1);
      this.#weights.push(bytes);
      this.#offset += bytes.length;
    }
    this.#graph.message(5, tensor);
    return name;
  }

  /** @returns the first of `outputs`. `Microsoft.X` is operator X of ONNX Runtime's own domain. */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, Attribute> = {},
  ) {
    const node = new Message();
    for (const name of inputs) node.text(1, name);
    for (const name of outputs) node.text(2, name);
    node.text(4, operator.replace("Microsoft.", ""));
    for (const [name, value] of Object.entries(attributes)) {
      const attribute = new Message().text(1, name);
      if (typeof value === "number") attribute.int(3, value).int(20, 2);
      else attribute.float(2, value.float).int(20, 1);
      node.message(5, attribute);
    }
    if (operator.startsWith("Microsoft.")) node.text(7, "com.microsoft");
    this.#graph.message(1, node);
    return outputs[0]!;
  }

  /** Contents of the external file. */
  weights(): Uint8Array {
    const all = new Uint8Array(this.#offset);
    let offset = 0;
    for (const bytes of this.#weights) {
      all.set(bytes, offset);
      offset += bytes.length;
    }
    return all;
  }

  finish(): Uint8Array {
    const operators = new Message().text(1, "").int(2, 21);
    const contributed = new Message().text(1, "com.microsoft").int(2, 1);
    return new Message().int(1, 10).message(7, this.#graph).message(8, operators).message(8, contributed).finish();
  }
}

function valueInfo(name: string, type: number, dims: readonly (number | string)[]): Message {
  const shape = new Message();
  for (const dim of dims) {
    shape.message(1, typeof dim === "number" ? new Message().int(1, dim) : new Message().text(2, dim));
  }
  const tensor = new Message().int(1, type).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
