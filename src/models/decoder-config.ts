/** @file What config.json tells of a model before it is fetched: whether our engine can run it, and how large it gets. What only the graph tells, its load will (engine/graph.ts). */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";

const number = v.nullish(v.number());
const schema = v.looseObject({
  model_type: v.nullish(v.string()),
  architectures: v.nullish(v.array(v.string())),
  is_encoder_decoder: v.nullish(v.boolean()),
  layer_types: v.nullish(v.array(v.string())),
  max_position_embeddings: number,
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  num_attention_heads: number,
  num_key_value_heads: number,
  head_dim: number,
  vocab_size: number,
  tie_word_embeddings: v.nullish(v.boolean()),
});

export interface DecoderFacts {
  /** As its makers call the architecture: "qwen3". */
  readonly family: string;
  readonly contextLength: number | null;
  /** Keys and values of all layers. */
  readonly cacheNumbersPerToken: number | null;
  /** Estimated; `null` where config.json leaves sizes open. */
  readonly parameters: number | null;
}

/** Layers that keep sums or windows instead of keys and values, by what configurations call them. */
const STATE =
  /mamba|rwkv|recurrent|linear|conv|ssm|delta|lfm2|jamba|bamba|zamba|hybrid|qwen3_next|qwen3_5|falcon_h1|nemotron_h/i;

/** @throws {ModelError} `model-unsupported`, saying why; `file-damaged` for what is no configuration */
export function readDecoderConfig(id: string, json: unknown): DecoderFacts {
  const read = v.safeParse(schema, json);
  if (!read.success) {
    throw new ModelError(
      "file-damaged",
      `config.json of ${id} makes no sense: ${read.issues[0].message}. Choose another model.`,
    );
  }
  const config = read.output;
  const { model_type: type, architectures, layer_types: layers } = config;
  const [architecture = "none"] = architectures ?? [];
  if (config.is_encoder_decoder === true) refuse(id, "reads with an encoder and writes with a decoder");
  const state = [type ?? "", ...(layers ?? [])].find((name) => STATE.test(name));
  if (state !== undefined) refuse(id, `has layers that keep other things than keys and values (${state})`);
  if (!/(ForCausalLM|LMHeadModel)$/.test(architecture)) {
    refuse(
      id,
      `is no model that goes on with a text (architecture ${architecture}); one for images or sound has a text-only sister`,
    );
  }
  return { family: type ?? architecture, contextLength: config.max_position_embeddings ?? null, ...sizesOf(config) };
}

function sizesOf(config: v.InferOutput<typeof schema>): Pick<DecoderFacts, "cacheNumbersPerToken" | "parameters"> {
  const { hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads, vocab_size: vocabulary } = config;
  if (!known(width) || !known(layers) || !known(heads)) return { cacheNumbersPerToken: null, parameters: null };
  const size = config.head_dim ?? width / heads;
  const kv = config.num_key_value_heads ?? heads;
  const cacheNumbersPerToken = Math.round(2 * layers * kv * size);
  if (!known(vocabulary) || !known(config.intermediate_size)) return { cacheNumbersPerToken, parameters: null };
  const layer = 2 * width * size * (heads + kv) + 3 * width * config.intermediate_size;
  const tables = vocabulary * width * (config.tie_word_embeddings === false ? 2 : 1);
  return { cacheNumbersPerToken, parameters: Math.round(layers * layer + tables) };
}

function known(value: number | null | undefined): value is number {
  return typeof value === "number" && value > 0;
}

function refuse(id: string, why: string): never {
  throw new ModelError("model-unsupported", `${id} ${why}, which our engine does not run. Choose another model.`);
}
