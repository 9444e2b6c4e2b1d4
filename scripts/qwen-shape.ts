/**
 * @file A model of random weights in the shape of Qwen3-0.6B (width 1024, 16 heads and 8 key-value heads of 128, 3,072 within, 151,936 tokens), with few
 * layers, for `bench engine`: as hub exports have it, q4 by blocks of 32, in f32 between. It knows nothing. One departure, for wasm, which has no
 * GatherBlockQuantized: there the embedding has 4,096 rows, which tokens share; looking one up costs nothing in either size.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FLOAT, GraphWriter, INT32, INT64 } from "../src/engine/onnx-writer.ts";

const WIDTH = 1024;
const HEADS = 16;
const KV_HEADS = 8;
const HEAD = 128;
const WITHIN = 3072;
export const QWEN_VOCABULARY = 151_936;
const EMBEDDED = 4096;
const POSITIONS = 1024;
const BLOCK = 32;
const EPSILON = { epsilon: { float: 1e-6 } };

export interface QwenShape {
  readonly layers: number;
  readonly device: "webgpu" | "wasm";
}

/** Writes `folder` as a hub folder. */
export async function writeQwenShape(folder: string, { layers, device }: QwenShape): Promise<void> {
  await mkdir(join(folder, "onnx"), { recursive: true });
  const writer = graph({ layers, device });
  await writeFile(join(folder, "onnx/model_q4.onnx"), writer.finish());
  await writeFile(join(folder, "onnx/model_q4.onnx_data"), writer.weights());
  const config = {
    ...{ model_type: "qwen3", architectures: ["Qwen3ForCausalLM"], vocab_size: QWEN_VOCABULARY, hidden_size: WIDTH },
    ...{ num_hidden_layers: layers, num_attention_heads: HEADS, num_key_value_heads: KV_HEADS, head_dim: HEAD },
    ...{ intermediate_size: WITHIN, max_position_embeddings: POSITIONS, bos_token_id: 0, eos_token_id: 1 },
    "transformers.js_config": { use_external_data_format: { "model_q4.onnx": 1 } },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "generation_config.json"), JSON.stringify({ bos_token_id: 0, eos_token_id: 1 }));
}

function graph({ layers, device }: QwenShape): GraphWriter {
  const g = new GraphWriter("model_q4.onnx_data");
  // transformers.js makes an empty cache by these names.
  const cache = ["batch_size", KV_HEADS, "past_sequence_length", HEAD];
  g.input("input_ids", INT64, ["batch_size", "sequence_length"]);
  g.input("attention_mask", INT64, ["batch_size", "total_sequence_length"]);
  g.input("position_ids", INT64, ["batch_size", "sequence_length"]);
  g.input("num_logits_to_keep", INT64, []);
  const random = xorshift(1);
  const linear = (x: string, name: string, [from, to]: readonly [number, number], gain = 1): string => {
    const blocks = from / BLOCK;
    const quantised = g.constant(`${name}.q`, [to, blocks, BLOCK / 2], random(to * blocks * (BLOCK / 2)));
    // Sixteen levels have a deviation of 4.6.
    const scale = new Float32Array(to * blocks).fill(gain / (4.6 * Math.sqrt(from)));
    const scales = g.constant(`${name}.s`, [to * blocks], scale);
    const sizes = { K: from, N: to, bits: 4, block_size: BLOCK };
    return g.node("Microsoft.MatMulNBits", [x, quantised, scales], [name], sizes);
  };
  const ones = (name: string, size: number): string => g.constant(name, [size], new Float32Array(size).fill(1));
  const norm = (x: string, name: string): string =>
    g.node("SimplifiedLayerNormalization", [x, ones(`${name}.g`, WIDTH)], [name], { axis: -1, ...EPSILON });
  /** As Qwen3 normalises each head's queries and keys. */
  const headNorm = (x: string, name: string, heads: number): string => {
    const split = g.constant(`${name}.split`, [4], BigInt64Array.of(0n, 0n, BigInt(heads), BigInt(HEAD)));
    const joined = g.constant(`${name}.joined`, [3], BigInt64Array.of(0n, 0n, BigInt(heads * HEAD)));
    const apart = g.node("Reshape", [x, split], [`${name}.heads`]);
    const weight = ones(`${name}.g`, HEAD);
    const normed = g.node("SimplifiedLayerNormalization", [apart, weight], [`${name}.n`], { axis: -1, ...EPSILON });
    return g.node("Reshape", [normed, joined], [name]);
  };
  const [cos, sin] = rotary(g);
  const one = g.constant("one", [], BigInt64Array.of(1n));
  const axis = g.constant("axis", [1], BigInt64Array.of(1n));
  const sum = g.node("ReduceSum", ["attention_mask", axis], ["mask.sum"], { keepdims: 0 });
  const lasts = g.node("Cast", [g.node("Sub", [sum, one], ["mask.last"])], ["lasts"], { to: INT32 });
  const shape = g.node("Shape", ["attention_mask"], ["mask.shape"]);
  const length = g.node("Gather", [shape, one], ["mask.total"], { axis: 0 });
  const total = g.node("Cast", [length], ["total.length"], { to: INT32 });

  const embedded = (): string => {
    if (device === "wasm") {
      const table = Float32Array.from(random(EMBEDDED * WIDTH), (byte) => (byte - 127.5) / 74);
      const rows = g.constant("rows", [], BigInt64Array.of(BigInt(EMBEDDED)));
      const row = g.node("Mod", ["input_ids", rows], ["embedding.row"]);
      return g.node("Gather", [g.constant("embedding", [EMBEDDED, WIDTH], table), row], ["x"], { axis: 0 });
    }
    const table = g.constant("embedding.q", [QWEN_VOCABULARY, WIDTH / 2], random((QWEN_VOCABULARY * WIDTH) / 2));
    const scale = new Float32Array((QWEN_VOCABULARY * WIDTH) / BLOCK).fill(1 / 4.6);
    const scales = g.constant("embedding.s", [QWEN_VOCABULARY, WIDTH / BLOCK], scale);
    const sizes = { gather_axis: 0, quantize_axis: 1, block_size: BLOCK, bits: 4 };
    return g.node("Microsoft.GatherBlockQuantized", [table, "input_ids", scales], ["x"], sizes);
  };
  let x = embedded();
  for (let i = 0; i < layers; i++) {
    const h = norm(x, `first${i}`);
    const turned = (part: "q" | "k", heads: number): string => {
      const projected = linear(h, `${part}${i}`, [WIDTH, heads * HEAD]);
      const normed = headNorm(projected, `${part}${i}.norm`, heads);
      return g.node("Microsoft.RotaryEmbedding", [normed, "position_ids", cos, sin], [`${part}${i}.r`]);
    };
    const past = ["key", "value"].map((part) => g.input(`past_key_values.${i}.${part}`, FLOAT, cache));
    const present = ["key", "value"].map((part) => `present.${i}.${part}`);
    const attention = g.node(
      "Microsoft.GroupQueryAttention",
      [turned("q", HEADS), turned("k", KV_HEADS), linear(h, `v${i}`, [WIDTH, KV_HEADS * HEAD]), ...past, lasts, total],
      [`attention${i}`, ...present],
      { num_heads: HEADS, kv_num_heads: KV_HEADS },
    );
    for (const name of present) g.output(name, FLOAT, ["batch_size", KV_HEADS, "total_sequence_length", HEAD]);
    x = g.node("Add", [x, linear(attention, `o${i}`, [HEADS * HEAD, WIDTH], 0.5)], [`middle${i}`]);
    const second = norm(x, `second${i}`);
    const gate = linear(second, `gate${i}`, [WIDTH, WITHIN]);
    const open = g.node("Mul", [gate, g.node("Sigmoid", [gate], [`gate${i}.sigmoid`])], [`gate${i}.silu`]);
    const up = g.node("Mul", [open, linear(second, `up${i}`, [WIDTH, WITHIN])], [`up${i}.y`]);
    x = g.node("Add", [x, linear(up, `down${i}`, [WITHIN, WIDTH], 0.5)], [`last${i}`]);
  }
  const start = g.node("Reshape", [g.node("Neg", ["num_logits_to_keep"], ["keep.neg"]), axis], ["keep.start"]);
  const end = g.constant("end", [1], BigInt64Array.of(2n ** 62n));
  const kept = g.node("Slice", [norm(x, "final"), start, end, axis], ["kept"]);
  linear(kept, "logits", [WIDTH, QWEN_VOCABULARY], 3);
  g.output("logits", FLOAT, ["batch_size", "kept", QWEN_VOCABULARY]);
  return g;
}

function rotary(g: GraphWriter): [string, string] {
  const half = HEAD / 2;
  const angle = (i: number): number => Math.floor(i / half) * 1e6 ** ((-2 * (i % half)) / HEAD);
  const values = (f: (angle: number) => number): Float32Array =>
    Float32Array.from({ length: POSITIONS * half }, (_, i) => f(angle(i)));
  return [
    g.constant("cos", [POSITIONS, half], values(Math.cos)),
    g.constant("sin", [POSITIONS, half], values(Math.sin)),
  ];
}

/** Random bytes, quickly (xorshift32, Marsaglia 2003). */
function xorshift(seed: number): (length: number) => Uint8Array<ArrayBuffer> {
  let state = seed;
  return (length) => {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    return new Uint8Array(words.buffer, 0, length);
  };
}
