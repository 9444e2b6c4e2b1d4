/**
 * @file A Llama of random weights in any size, as the files of a hub folder: for downloads, loads and whatever else depends on bytes alone. In f32, with
 * the weights in the graph or in files beside it. It knows nothing, and says noise.
 */
import { FLOAT, GraphWriter, INT32, INT64 } from "../src/engine/onnx-writer.ts";
import { byteTokenizer, END, TEMPLATE, VOCABULARY } from "../tests/engine/random-llama.ts";

const HEAD = 64;
const POSITIONS = 512;
const EPSILON = { epsilon: { float: 1e-6 } };

export interface ModelSize {
  /** Of the hidden state: a multiple of 64. A layer takes 40 × its square in bytes. */
  readonly width: number;
  readonly layers: number;
  /** Embedding tables, which are added up, of so many rows each: bytes that cost no time. Left out: one of as many rows as there are tokens. */
  readonly tables?: { readonly count: number; readonly rows: number };
  /** Where the graph is; what lies beside it is in the same folder. */
  readonly graph: string;
  /** Files that share the weights, beside the graph, in order; none: they are in the graph. */
  readonly beside: readonly string[];
}

/** By path. */
export function sizedModel(size: ModelSize): Map<string, Buffer> {
  const { width, layers, graph: path, beside } = size;
  const writer = graph(size);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const heads = width / HEAD;
  const config = {
    ...{ model_type: "llama", hidden_size: width, intermediate_size: 2 * width, num_hidden_layers: layers },
    ...{ num_attention_heads: heads, num_key_value_heads: heads, head_dim: HEAD, vocab_size: VOCABULARY },
    max_position_embeddings: POSITIONS,
  };
  const tokenizer = { tokenizer_class: "PreTrainedTokenizerFast", eos_token: "<|end|>", chat_template: TEMPLATE };
  return new Map([
    ["config.json", json(config)],
    ["generation_config.json", json({ eos_token_id: END, max_new_tokens: 12 })],
    ["tokenizer.json", json(byteTokenizer())],
    ["tokenizer_config.json", json(tokenizer)],
    [path, asBuffer(writer.finish())],
    ...beside.map((name): [string, Buffer] => [folder + name, asBuffer(writer.weights(name))]),
  ]);
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function graph({ width, layers, beside, tables = { count: 1, rows: VOCABULARY } }: ModelSize): GraphWriter {
  const besideFrom = (part: number, of: number): void => {
    const file = beside[Math.floor((part * beside.length) / of)];
    if (file !== undefined) g.beside(file);
  };
  const g = new GraphWriter(beside[0] ?? null);
  const heads = width / HEAD;
  const cache = ["batch", heads, "past", HEAD];
  g.input("input_ids", INT64, ["batch", "sequence"]);
  g.input("attention_mask", INT64, ["batch", "total"]);
  g.input("position_ids", INT64, ["batch", "sequence"]);
  const random = xorshift(1);
  const linear = (x: string, name: string, [from, to]: readonly [number, number]): string => {
    const weights = random(from * to, Math.sqrt(3 / from));
    return g.node("MatMul", [x, g.constant(`${name}.w`, [from, to], weights)], [name]);
  };
  const norm = (x: string, name: string): string => {
    const ones = g.constant(`${name}.g`, [width], new Float32Array(width).fill(1));
    return g.node("SimplifiedLayerNormalization", [x, ones], [name], { axis: -1, ...EPSILON });
  };
  const [cos, sin] = rotary(g);
  // How the exporters turn the mask into what attention takes: last valid index of each row, and the total length.
  const one = g.constant("one", [], BigInt64Array.of(1n));
  const axis = g.constant("axis", [1], BigInt64Array.of(1n));
  const sum = g.node("ReduceSum", ["attention_mask", axis], ["mask.sum"], { keepdims: 0 });
  const lasts = g.node("Cast", [g.node("Sub", [sum, one], ["mask.last"])], ["lasts"], { to: INT32 });
  const shape = g.node("Shape", ["attention_mask"], ["mask.shape"]);
  const length = g.node("Gather", [shape, one], ["mask.total"], { axis: 0 });
  const total = g.node("Cast", [length], ["total.length"], { to: INT32 });

  let x = "";
  for (let i = 0; i < tables.count; i++) {
    besideFrom(i, tables.count);
    const table = g.constant(`embedding${i}`, [tables.rows, width], random(tables.rows * width, 1));
    const looked = g.node("Gather", [table, "input_ids"], [`x${i}`], { axis: 0 });
    x = x === "" ? looked : g.node("Add", [x, looked], [`x${i}.sum`]);
  }
  for (let i = 0; i < layers; i++) {
    besideFrom(i, layers);
    const h = norm(x, `first${i}`);
    const turned = (part: "q" | "k"): string => {
      const projected = linear(h, `${part}${i}`, [width, width]);
      return g.node("Microsoft.RotaryEmbedding", [projected, "position_ids", cos, sin], [`${part}${i}.r`]);
    };
    const past = ["key", "value"].map((part) => g.input(`past_key_values.${i}.${part}`, FLOAT, cache));
    const present = ["key", "value"].map((part) => `present.${i}.${part}`);
    const attention = g.node(
      "Microsoft.GroupQueryAttention",
      [turned("q"), turned("k"), linear(h, `v${i}`, [width, width]), ...past, lasts, total],
      [`attention${i}`, ...present],
      { num_heads: heads, kv_num_heads: heads },
    );
    for (const name of present) g.output(name, FLOAT, ["batch", heads, "total", HEAD]);
    x = g.node("Add", [x, linear(attention, `o${i}`, [width, width])], [`middle${i}`]);
    const second = norm(x, `second${i}`);
    const gate = linear(second, `gate${i}`, [width, 2 * width]);
    const open = g.node("Mul", [gate, g.node("Sigmoid", [gate], [`gate${i}.sigmoid`])], [`gate${i}.silu`]);
    const up = g.node("Mul", [open, linear(second, `up${i}`, [width, 2 * width])], [`up${i}.y`]);
    x = g.node("Add", [x, linear(up, `down${i}`, [2 * width, width])], [`last${i}`]);
  }
  linear(norm(x, "final"), "logits", [width, VOCABULARY]);
  g.output("logits", FLOAT, ["batch", "sequence", VOCABULARY]);
  return g;
}

function rotary(g: GraphWriter): [string, string] {
  const half = HEAD / 2;
  const angle = (i: number): number => Math.floor(i / half) * 10_000 ** ((-2 * (i % half)) / HEAD);
  const values = (f: (angle: number) => number): Float32Array =>
    Float32Array.from({ length: POSITIONS * half }, (_, i) => f(angle(i)));
  return [
    g.constant("cos", [POSITIONS, half], values(Math.cos)),
    g.constant("sin", [POSITIONS, half], values(Math.sin)),
  ];
}

/** Numbers between ± their bound, quickly (xorshift32, Marsaglia 2003). */
function xorshift(seed: number): (length: number, bound: number) => Float32Array {
  let state = seed;
  return (length, bound) => {
    const numbers = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      numbers[i] = (state / 2 ** 31) * bound;
    }
    return numbers;
  };
}
