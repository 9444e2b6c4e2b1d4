/** @file What config.json says of a Llama: sizes and constants. Variants that llama.ts does not compute are refused, not ignored. */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";
import type { Heads } from "./attention.ts";

export interface LlamaConfig extends Heads {
  readonly layers: number;
  readonly vocabulary: number;
  readonly epsilon: number;
  readonly theta: number;
}

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const positive = v.pipe(v.number(), v.minValue(0));
const absent = v.optional(v.union([v.literal(false), v.null()]));

const llama = v.object({
  model_type: v.literal("llama"),
  hidden_act: v.optional(v.literal("silu")),
  hidden_size: size,
  vocab_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: v.optional(size),
  head_dim: v.optional(size),
  rms_norm_eps: positive,
  rope_theta: v.optional(positive, 10_000),
  rope_scaling: absent,
  attention_bias: absent,
  mlp_bias: absent,
});

/** @param json contents of config.json @throws {ModelError} `model-unsupported`, naming the field */
export function readLlamaConfig(json: unknown): LlamaConfig {
  const parsed = v.safeParse(llama, json);
  if (!parsed.success) refuse(v.getDotPath(parsed.issues[0]) ?? "the whole", parsed.issues[0].message);
  const { output } = parsed;
  const heads = output.num_attention_heads;
  const kvHeads = output.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) refuse("num_key_value_heads", `${heads} heads cannot share ${kvHeads} of keys`);
  return {
    layers: output.num_hidden_layers,
    vocabulary: output.vocab_size,
    heads,
    kvHeads,
    headSize: output.head_dim ?? output.hidden_size / heads,
    epsilon: output.rms_norm_eps,
    theta: output.rope_theta,
  };
}

function refuse(field: string, why: string): never {
  const message = `The model's config.json is not one that can be trained (${field}: ${why}). Choose a plain Llama.`;
  throw new ModelError("model-unsupported", message);
}
