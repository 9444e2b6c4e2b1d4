/**
 * @file A computation on paper: typed values, the operators between them, and how each is differentiated. Written as an ONNX graph once it is
 * complete. Leaves out the operators (elementwise.ts, matmul.ts …), the reverse pass (backward.ts) and running it.
 */
import { reaching } from "../engine/onnx-file.ts";
import { type Attribute, FLOAT, GraphWriter, INT32, INT64 } from "../engine/onnx-writer.ts";

/** A length, or the name of one that each run settles. */
export type Dim = number | string;
export type Shape = readonly Dim[];
export type ElementType = "float32" | "int32" | "int64" | "bool";

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** From the gradient of an output to that of each input, in the inputs' shapes; `null` where there is none. */
export type Pullback = (gradient: Value) => readonly (Value | null)[];

interface Recorded {
  readonly output: Value;
  readonly inputs: readonly Value[];
  readonly pullback: Pullback;
}

interface NodeOptions {
  readonly type?: ElementType;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

type Numbers = Float32Array | Int32Array | BigInt64Array;

export interface FinishedGraph {
  readonly model: Uint8Array<ArrayBuffer>;
  /** Inputs that are shapes with more than one open dimension: int64 vectors, which the runner fills in. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

const ELEMENTS = { float32: FLOAT, int32: INT32, int64: INT64, bool: 9 } as const;

export class Graph {
  /** In order of computation. */
  readonly tape: Recorded[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs: (Value & { readonly as: string })[] = [];
  readonly #constants = new Map<string, { readonly value: Value; readonly data: Numbers }>();
  readonly #shapes = new Map<string, Shape>();
  #count = 0;

  input(name: string, shape: Shape, type: ElementType = "float32"): Value {
    const value = { name, type, shape };
    this.#inputs.push(value);
    return value;
  }

  /** The same numbers are there once. */
  constant(data: Numbers, shape: readonly number[]): Value {
    const type = data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "int64";
    const key = `${type}[${shape.join()}]${data.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known.value;
    const value = { name: `c${this.#constants.size}`, type, shape } as const;
    this.#constants.set(key, { value, data });
    return value;
  }

  scalar(number: number): Value {
    return this.constant(Float32Array.of(number), []);
  }

  /** What operators take as axes and sizes. */
  integers(numbers: readonly number[]): Value {
    return this.constant(BigInt64Array.from(numbers, BigInt), [numbers.length]);
  }

  /** A shape as a reshape takes it: one open dimension follows from the others, more are an input. */
  shape(shape: Shape): Value {
    const open = shape.filter((dim) => typeof dim === "string");
    if (open.length < 2) return this.integers(shape.map((dim) => (typeof dim === "string" ? -1 : dim)));
    const name = `shape [${shape.join(", ")}]`;
    if (!this.#shapes.has(name)) {
      this.#shapes.set(name, shape);
      this.input(name, [shape.length], "int64");
    }
    return { name, type: "int64", shape: [shape.length] };
  }

  /** An operator of ONNX, or with `Microsoft.` of ONNX Runtime. Has no gradient until it is recorded with one. */
  node(operator: string, inputs: readonly Value[], shape: Shape, options: NodeOptions = {}): Value {
    const { type = "float32", attributes = {} } = options;
    const value = { name: `v${this.#count++}`, type, shape };
    this.#nodes.push({ operator, inputs: inputs.map(({ name }) => name), outputs: [value.name], attributes });
    return value;
  }

  /** @returns `output`, from now on differentiable */
  record(output: Value, inputs: readonly Value[], pullback: Pullback): Value {
    this.tape.push({ output, inputs, pullback });
    return output;
  }

  /** @param value computed here */
  output(as: string, value: Value): void {
    // A value has one name.
    const isNamed = this.#outputs.some(({ name }) => name === value.name);
    const own = isNamed ? this.node("Identity", [value], value.shape, { type: value.type }) : value;
    this.#outputs.push({ ...own, as });
  }

  /** Without whatever no output needs. */
  finish(): FinishedGraph {
    const live = reaching(
      this.#nodes,
      this.#outputs.map(({ name }) => name),
    );
    const used = new Set(live.flatMap(({ inputs }) => inputs));
    const names = new Map(this.#outputs.map(({ name, as }) => [name, as]));
    const named = (name: string): string => names.get(name) ?? name;
    const writer = new GraphWriter(null);
    for (const { name, type, shape } of this.#inputs) if (used.has(name)) writer.input(name, ELEMENTS[type], shape);
    for (const { value, data } of this.#constants.values()) {
      if (used.has(value.name)) writer.constant(value.name, value.shape.map(Number), data);
    }
    for (const { operator, inputs, outputs, attributes } of live) {
      writer.node(operator, inputs.map(named), outputs.map(named), attributes);
    }
    for (const { as, type, shape } of this.#outputs) writer.output(as, ELEMENTS[type], shape);
    const shapes = new Map([...this.#shapes].filter(([name]) => used.has(name)));
    return { model: writer.finish(), shapes };
  }
}
