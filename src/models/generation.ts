/** @file generation_config.json: how a model's makers want it sampled. Leaves out everything but the four values that we use. */
import * as v from "valibot";
import { ModelError, type Sampling } from "../cat/models.ts";

const PATH = "generation_config.json";
/** Where a model says nothing; transformers' own default of 20 would cut every answer. */
const DEFAULT_MAX_TOKENS = 1024;

const schema = v.object({
  do_sample: v.optional(v.boolean(), true),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
  top_k: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
  top_p: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))), null),
  max_new_tokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), DEFAULT_MAX_TOKENS),
});

/** What a model that says nothing is sampled with. */
export const PLAIN_GENERATION: { readonly sampling: Sampling; readonly maxTokens: number } = {
  sampling: { temperature: 1, topK: null, topP: null },
  maxTokens: DEFAULT_MAX_TOKENS,
};

/** @throws {ModelError} `file-damaged` for a file that is there but makes no sense; without one, plain sampling at temperature 1. */
export function readGeneration(files: { readonly bytes: ReadonlyMap<string, Uint8Array> }): {
  sampling: Sampling;
  maxTokens: number;
} {
  const bytes = files.bytes.get(PATH);
  const config = parse(bytes === undefined ? "{}" : new TextDecoder().decode(bytes));
  const { top_k: k, top_p: p } = config;
  return {
    sampling: {
      temperature: config.do_sample ? config.temperature : 0,
      topK: k === 0 ? null : k,
      topP: p === 1 ? null : p,
    },
    maxTokens: config.max_new_tokens,
  };
}

function parse(text: string): v.InferOutput<typeof schema> {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelError("file-damaged", `${PATH} makes no sense: ${reason}. Load the model again.`, { cause: error });
  }
}
