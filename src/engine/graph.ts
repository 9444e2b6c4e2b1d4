/** @file What a decoder graph takes and gives, read from its own inputs; refuses the kinds that the engine cannot run. */
import { ModelError } from "../cat/models.ts";
import type { KvShape } from "./kv.ts";
import { POSITIONS_INPUT } from "./onnx-file.ts";
import type { InputMetadata } from "./ort.ts";

export interface DecoderGraph extends KvShape {
  /** "0.key", "0.value", "1.key", …; inputs are `past_key_values.` + name, outputs `present.` + name. */
  readonly cacheNames: readonly string[];
  readonly takesMask: boolean;
  readonly takesPositions: boolean;
}

const PAST = "past_key_values.";
const OPTIONAL = ["attention_mask", "position_ids", POSITIONS_INPUT];

/** @throws {ModelError} `model-unsupported`, naming the input. */
export function readGraph(inputs: readonly InputMetadata[]): DecoderGraph {
  const names = new Set(inputs.map(({ name }) => name));
  if (!names.has("input_ids")) refuse("has no input named input_ids");
  const caches = inputs.filter(({ name }) => /^past_key_values\.\d+\.(key|value)$/.test(name));
  const known = new Set(["input_ids", ...OPTIONAL, ...caches.map(({ name }) => name)]);
  const stranger = [...names].find((name) => !known.has(name));
  if (stranger !== undefined)
    refuse(`has an input that a plain decoder lacks: ${stranger} (hybrid or multimodal model)`);
  const [first] = caches;
  if (!first?.isTensor) refuse("has no key and value cache inputs");
  for (const cache of caches) {
    if (cache.isTensor && cache.type !== "float32") {
      refuse(
        `keeps its cache as ${cache.type} (${cache.name}); this version needs float32, so choose a q4, q8 or fp32 export`,
      );
    }
  }
  const [, kvHeads, , headSize] = first.shape;
  if (typeof kvHeads !== "number" || typeof headSize !== "number") refuse(`leaves the shape of ${first.name} open`);
  return {
    kvHeads,
    headSize,
    cacheNames: caches.map(({ name }) => name.slice(PAST.length)),
    takesMask: names.has("attention_mask"),
    takesPositions: names.has("position_ids"),
  };
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
