/** @file The safetensors file that a graph of onnxruntime-genai's builder was made from, got back from the graph. Of graphs with their weights in them. */
import { GRAPH, readGraphFields } from "../../src/engine/onnx-file.ts";
import { ints, parseFields, texts } from "../../src/engine/protobuf.ts";
import type { WrittenTensor } from "../../src/engine/safetensors-writer.ts";

/** Of the decoders in tests/fixtures: four heads and two of keys, of 16 each. */
const FUSED = { q_proj: 64, k_proj: 32, v_proj: 32 };

export function hubTensors(model: Uint8Array): Record<string, WrittenTensor> {
  const tensors: Record<string, WrittenTensor> = {};
  for (const { number, bytes } of readGraphFields(model)) {
    if (number !== GRAPH.initializer) continue;
    const fields = parseFields(bytes);
    const name = texts(fields, 8)[0]!;
    if (/^(cos|sin)_cache/.test(name)) continue;
    const data = new Float32Array(new Uint8Array(fields.find((field) => field.number === 9)!.bytes).buffer);
    const shape = ints(fields, 1);
    const hub = name
      .replace(".attn.", ".self_attn.")
      .replace(/model\.layers\.\d\.final_norm_layernorm/, "model.norm")
      .replace(".layernorm.", ".");
    if (!hub.includes(".MatMul.")) tensors[hub] = { shape, data };
    else if (!hub.includes("qkv_proj")) tensors[hub.replace(".MatMul", "")] = columns(data, shape, 0, shape[1]!);
    else {
      let start = 0;
      for (const [part, width] of Object.entries(FUSED)) {
        tensors[hub.replace("qkv_proj.MatMul", part)] = columns(data, shape, start, width);
        start += width;
      }
    }
  }
  const { "lm_head.weight": head, ...rest } = tensors;
  return rest["model.embed_tokens.weight"] === undefined ? { ...rest, "model.embed_tokens.weight": head! } : tensors;
}

/** Some columns of [inputs, outputs], as rows. */
function columns(data: Float32Array, [inputs, outputs]: number[], start: number, width: number): WrittenTensor {
  const turned = Float32Array.from({ length: width * inputs! }, (_, i) => {
    return data[(i % inputs!) * outputs! + start + Math.floor(i / inputs!)]!;
  });
  return { shape: [width, inputs!], data: turned };
}
