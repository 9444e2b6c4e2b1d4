/**
 * @file A small Llama with random weights and a byte tokenizer, made in memory: the same bytes in Node and in a page. With the
 * operators of real exports (GroupQueryAttention, SkipSimplifiedLayerNormalization), in f32. It knows nothing and says noise, or what
 * bigrams it is given.
 */
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { FLOAT, GraphWriter, INT32, INT64 } from "../../src/engine/onnx-writer.ts";
import { normal } from "./normal.ts";
import { safetensorsFile, type WrittenTensor } from "../../src/engine/safetensors-writer.ts";

const WIDTH = 64;
const LAYERS = 2;
const HEADS = 4;
const KV_HEADS = 2;
const HEAD = 32;
const FEED_FORWARD = 128;
const POSITIONS = 512;
export const CONTROL_TOKENS = ["<|end|>", "<|user|>", "<|assistant|>"];
export const VOCABULARY = 256 + CONTROL_TOKENS.length;
export const END = 256;

const CONFIG = {
  model_type: "llama",
  hidden_act: "silu",
  hidden_size: WIDTH,
  intermediate_size: FEED_FORWARD,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  num_key_value_heads: KV_HEADS,
  head_dim: HEAD,
  vocab_size: VOCABULARY,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  tie_word_embeddings: false,
};

export interface LlamaVariant {
  /** Has the input `num_logits_to_keep`. */
  readonly keepsLogits?: boolean;
  /** Has the input `position_ids`; else attention counts by itself. */
  readonly positions?: boolean;
  /** Has its weights in a file of this name beside the graph. */
  readonly external?: string;
  /** An input more, by this name. */
  readonly stranger?: string;
  /** Other weights for each. */
  readonly salt?: string;
  /** Pairs of tokens, each likely to be followed by its second; of several with the same first, as likely as each other. */
  readonly bigrams?: readonly (readonly [number, number])[];
}

/** The files of a hub folder. No hashes: nothing was downloaded. */
export function randomLlama(variant: LlamaVariant = {}): ModelFiles {
  const { external = null } = variant;
  const tensors: Record<string, WrittenTensor> = {};
  const writer = graph({ keepsLogits: true, positions: true, ...variant }, external, tensors);
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return {
    records: [],
    bytes: new Map([
      ["onnx/model.onnx", writer.finish()],
      ...(external === null ? [] : [[`onnx/${external}`, writer.weights()] as const]),
      ["model.safetensors", safetensorsFile(tensors)],
      ["config.json", json(CONFIG)],
      ["tokenizer.json", json(byteTokenizer())],
      [
        "tokenizer_config.json",
        json({ tokenizer_class: "PreTrainedTokenizerFast", eos_token: "<|end|>", chat_template: TEMPLATE }),
      ],
      ["generation_config.json", json({ eos_token_id: END })],
    ]),
  };
}

export const TEMPLATE =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/** Token b is byte b, written as GPT-2 writes bytes; no merges. */
export function byteTokenizer(): unknown {
  const printable = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let moved = 256;
  const vocab: Record<string, number> = {};
  for (let byte = 0; byte < 256; byte++) vocab[String.fromCodePoint(printable(byte) ? byte : moved++)] = byte;
  const added = CONTROL_TOKENS.map((content, i) => {
    return { id: 256 + i, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
  });
  const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    version: "1.0",
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: null,
    decoder: bytes,
    model: { type: "BPE", vocab, merges: [] },
  };
}

/** @param tensors are filled with the weights, as the hub has them */
function graph(
  { keepsLogits, positions, stranger, salt = "", bigrams = [] }: LlamaVariant,
  external: string | null,
  tensors: Record<string, WrittenTensor>,
): GraphWriter {
  const g = new GraphWriter(external);
  const cache = ["batch", KV_HEADS, "past", HEAD];
  g.input("input_ids", INT64, ["batch", "sequence"]);
  g.input("attention_mask", INT64, ["batch", "total"]);
  if (positions) g.input("position_ids", INT64, ["batch", "sequence"]);
  if (keepsLogits) g.input("num_logits_to_keep", INT64, []);
  if (stranger !== undefined) g.input(stranger, FLOAT, cache);

  const weight = (name: string, shape: readonly number[], data: Float32Array): string => {
    const hub = hubName(name);
    tensors[hub] = { shape, data };
    return hub;
  };
  const norm = (name: string): string => {
    // Without salt, ones.
    const data = normal(salt + name, WIDTH, salt === "" ? 0 : 0.2).map((value) => 1 + value);
    return g.constant(weight(name, [WIDTH], data), [WIDTH], data);
  };
  const linear = (x: string, name: string, [from, to]: [number, number], gain = 1): string =>
    product(x, name, [from, to], normal(salt + name, from * to, gain / Math.sqrt(from)));
  const product = (x: string, name: string, [from, to]: [number, number], data: Float32Array): string => {
    const turned = data.map((_, i) => data[(i % from) * to + Math.floor(i / from)]!);
    return g.node("MatMul", [x, g.constant(weight(name, [to, from], turned), [from, to], data)], [name]);
  };
  const skipNorm = (a: string, b: string, name: string): [string, string] => {
    const operation = ["Microsoft.SkipSimplifiedLayerNormalization", [a, b, norm(name)]] as const;
    g.node(...operation, [name, "", "", `${name}.sum`], { epsilon: { float: 1e-6 } });
    return [name, `${name}.sum`];
  };
  const [cos, sin] = rotary(g);

  // How the exporters turn the mask into what attention takes: last valid index of each row, and the total length.
  const one = g.constant("one", [], BigInt64Array.of(1n));
  const sum = g.node("ReduceSum", ["attention_mask", g.constant("axis", [1], BigInt64Array.of(1n))], ["mask.sum"], {
    keepdims: 0,
  });
  const lasts = g.node("Cast", [g.node("Sub", [sum, one], ["mask.last"])], ["lasts"], { to: INT32 });
  const shape = g.node("Shape", ["attention_mask"], ["mask.shape"]);
  const total = g.node("Cast", [g.node("Gather", [shape, one], ["mask.total"], { axis: 0 })], ["total.length"], {
    to: INT32,
  });

  // So large that the layers hardly move what the head reads: the token at hand.
  const embedding = normal(`${salt}embedding`, VOCABULARY * WIDTH, bigrams.length > 0 ? 30 : 1);
  const table = weight("embedding", [VOCABULARY, WIDTH], embedding);
  let x = g.node("Gather", [g.constant(table, [VOCABULARY, WIDTH], embedding), "input_ids"], ["x"], { axis: 0 });
  let h = g.node("SimplifiedLayerNormalization", [x, norm("first")], ["h"], { axis: -1, epsilon: { float: 1e-6 } });
  for (let i = 0; i < LAYERS; i++) {
    let q = linear(h, `q${i}`, [WIDTH, HEADS * HEAD], 2);
    let k = linear(h, `k${i}`, [WIDTH, KV_HEADS * HEAD], 2);
    const v = linear(h, `v${i}`, [WIDTH, KV_HEADS * HEAD]);
    if (positions) {
      q = g.node("Microsoft.RotaryEmbedding", [q, "position_ids", cos, sin], [`q${i}.r`]);
      k = g.node("Microsoft.RotaryEmbedding", [k, "position_ids", cos, sin], [`k${i}.r`]);
    }
    const past = ["key", "value"].map((part) => g.input(`past_key_values.${i}.${part}`, FLOAT, cache));
    const present = ["key", "value"].map((part) => `present.${i}.${part}`);
    const attention = g.node(
      "Microsoft.GroupQueryAttention",
      [q, k, v, ...past, lasts, total, ...(positions ? [] : [cos, sin])],
      [`attention${i}`, ...present],
      { num_heads: HEADS, kv_num_heads: KV_HEADS, do_rotary: positions ? 0 : 1 },
    );
    for (const name of present) g.output(name, FLOAT, ["batch", KV_HEADS, "total", HEAD]);
    [h, x] = skipNorm(x, linear(attention, `o${i}`, [HEADS * HEAD, WIDTH]), `middle${i}`);
    const gate = linear(h, `gate${i}`, [WIDTH, FEED_FORWARD]);
    const open = g.node("Mul", [gate, g.node("Sigmoid", [gate], [`gate${i}.s`])], [`gate${i}.silu`]);
    const up = g.node("Mul", [open, linear(h, `up${i}`, [WIDTH, FEED_FORWARD])], [`up${i}.y`]);
    [h, x] = skipNorm(x, linear(up, `down${i}`, [FEED_FORWARD, WIDTH]), `last${i}`);
  }
  if (keepsLogits) {
    const start = g.node("Reshape", [g.node("Neg", ["num_logits_to_keep"], ["keep.neg"]), "axis"], ["keep.start"]);
    const end = g.constant("end", [1], BigInt64Array.of(2n ** 62n));
    h = g.node("Slice", [h, start, end, "axis"], ["h.kept"]);
  }
  if (bigrams.length === 0) linear(h, "logits", [WIDTH, VOCABULARY], 3);
  else product(h, "logits", [WIDTH, VOCABULARY], bigramHead(embedding, bigrams));
  g.output("logits", FLOAT, ["batch", "kept", VOCABULARY]);
  return g;
}

/** [WIDTH, VOCABULARY] that makes 20 of the logit of each second token where the hidden state is the first's, and little of the others. */
function bigramHead(embedding: Float32Array, bigrams: readonly (readonly [number, number])[]): Float32Array {
  const head = new Float32Array(WIDTH * VOCABULARY);
  for (const [first, second] of bigrams) {
    const row = embedding.subarray(first * WIDTH, (first + 1) * WIDTH);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    // The last norm leaves a hidden state of length √WIDTH.
    for (const [i, value] of row.entries()) {
      head[i * VOCABULARY + second]! += (20 * value) / (length * Math.sqrt(WIDTH));
    }
  }
  return head;
}

/** What transformers calls it. */
function hubName(name: string): string {
  const [, kind, digits] = /^(\D+)(\d*)$/.exec(name)!;
  const layer = Number(digits);
  const before = `model.layers.${layer}`;
  if (kind === "embedding") return "model.embed_tokens.weight";
  if (kind === "logits") return "lm_head.weight";
  if (kind === "first") return "model.layers.0.input_layernorm.weight";
  if (kind === "middle") return `${before}.post_attention_layernorm.weight`;
  if (kind !== "last") return `${before}.${"qkvo".includes(kind!) ? "self_attn" : "mlp"}.${kind}_proj.weight`;
  return layer + 1 === LAYERS ? "model.norm.weight" : `model.layers.${layer + 1}.input_layernorm.weight`;
}

function rotary(g: GraphWriter): [string, string] {
  const angle = (i: number): number => Math.floor(i / (HEAD / 2)) * 10000 ** ((-2 * (i % (HEAD / 2))) / HEAD);
  const dims = [POSITIONS, HEAD / 2];
  const table = (f: (angle: number) => number): Float32Array =>
    Float32Array.from({ length: POSITIONS * (HEAD / 2) }, (_, i) => f(angle(i)));
  return [g.constant("cos", dims, table(Math.cos)), g.constant("sin", dims, table(Math.sin))];
}
