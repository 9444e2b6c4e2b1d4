/** @file What a decoder graph takes and gives, read from its own inputs and config.json; refuses the kinds that the engine cannot run. */
import { ModelError } from "../cat/models.ts";
import type { Attention } from "./attention.ts";
import type { FloatType } from "./floats.ts";
import type { KvShape } from "./kv.ts";
import { POSITIONS_INPUT } from "./onnx-file.ts";
import type { ValueMetadata } from "./ort.ts";
import { BIAS_INPUT, TREE_POSITIONS_INPUT } from "./tree-graph.ts";

export interface DecoderGraph extends KvShape, Attention {
  readonly takesMask: boolean;
  readonly takesPositions: boolean;
  /** Can a row read a tree of tokens (tree-graph.ts)? */
  readonly takesTree: boolean;
  /** Does it want the positions of all tokens then, since position_ids say nothing to it? */
  readonly takesTreePositions: boolean;
}

/** The part of config.json that is read. */
interface DecoderConfig {
  readonly hidden_size?: number;
  readonly num_attention_heads?: number;
  readonly num_key_value_heads?: number;
  readonly head_dim?: number;
  /** Where a model for images has the same. */
  readonly text_config?: DecoderConfig;
}

export interface GraphSource {
  readonly inputs: readonly ValueMetadata[];
  readonly attention: Attention;
  /** Contents of config.json; `null` without one. Asked where an input leaves its shape open. */
  readonly config: unknown;
}

const PAST = "past_key_values.";
const OPTIONAL = ["attention_mask", "position_ids", POSITIONS_INPUT, BIAS_INPUT, TREE_POSITIONS_INPUT];
/** Inputs of Mamba, RWKV, LFM2, Qwen3-Next and others that keep sums or windows instead of keys and values. */
const STATE = /conv|recurrent|ssm|state|rwkv|mamba/i;

/** @throws {ModelError} `model-unsupported`, naming the input. */
export function readGraph({ inputs, attention, config }: GraphSource): DecoderGraph {
  const names = new Set(inputs.map(({ name }) => name));
  if (!names.has("input_ids")) refuse("has no input named input_ids");
  const caches = inputs.filter(({ name }) => /^past_key_values\.\d+\.(key|value)$/.test(name));
  const known = new Set(["input_ids", ...OPTIONAL, ...caches.map(({ name }) => name)]);
  const strangers = [...names].filter((name) => !known.has(name));
  const state = strangers.find((name) => STATE.test(name));
  if (state !== undefined) refuse(`keeps a recurrent or convolution cache, which this version cannot: ${state}`);
  if (strangers.length > 0)
    refuse(`has an input that a plain decoder lacks: ${strangers[0]} (hybrid or multimodal model)`);
  if (caches.length === 0) refuse("has no key and value cache inputs");
  return {
    caches: caches.map((cache) => readCache(cache, (config ?? {}) as DecoderConfig)),
    cacheType: readType(caches),
    ...attention,
    takesMask: names.has("attention_mask"),
    takesPositions: names.has("position_ids"),
    takesTree: names.has(BIAS_INPUT),
    takesTreePositions: names.has(TREE_POSITIONS_INPUT),
  };
}

function readType(caches: readonly ValueMetadata[]): FloatType {
  const types = new Set(caches.map((cache) => (cache.isTensor ? cache.type : "no tensor")));
  const [type] = types;
  if (types.size === 1 && (type === "float32" || type === "float16")) return type;
  refuse(`keeps its cache as ${[...types].join(" and ")}; float32 or float16 alone is needed`);
}

function readCache(input: ValueMetadata, config: DecoderConfig): KvShape["caches"][number] {
  const [, heads, , size] = input.isTensor ? input.shape : [];
  const text = config.text_config ?? config;
  const { num_attention_heads: queries, hidden_size: width } = text;
  const kvHeads = isTold(heads) ? heads : (text.num_key_value_heads ?? queries);
  const perHead = width !== undefined && queries !== undefined ? width / queries : undefined;
  const headSize = isTold(size) ? size : (text.head_dim ?? perHead);
  if (kvHeads === undefined || headSize === undefined)
    refuse(`leaves the shape of ${input.name} open, and config.json does not tell it`);
  return { name: input.name.slice(PAST.length), kvHeads, headSize };
}

/** An open dimension has a name, or nothing. */
function isTold(dimension: number | string | undefined): dimension is number {
  return typeof dimension === "number" && dimension > 0;
}

export function pastName(cache: string): string {
  return PAST + cache;
}

export function presentName(cache: string): string {
  return `present.${cache}`;
}

function refuse(what: string): never {
  throw new ModelError("model-unsupported", `The model's graph ${what}. Choose another model or export.`);
}
