/** @file A trained policy as the files of a hub folder: the graph with its weights, the weights by themselves, and what the start came with. Leaves out the zip (save-training.ts). */
import { graphFiles, type ModelFiles, readJson } from "../engine/model-files.ts";
import { weightFile } from "../engine/load-decoder.ts";
import { Safetensors } from "../engine/safetensors.ts";
import { withOtherWeights } from "../engine/weight-constants.ts";
import { sha256 } from "../models/verify-file.ts";

export const GRAPH_PATH = "onnx/model.onnx";
export const WEIGHTS_PATH = "model.safetensors";
/** Taken as they are. */
const SAME = ["generation_config.json", "tokenizer.json", "tokenizer_config.json"];

/**
 * @param start the files that the training started from, model.safetensors among them
 * @param weights as hub's model.safetensors, float32
 * @throws {ModelError} `file-damaged`, `model-unsupported` if they are not of one model
 */
export async function trainedFiles(start: ModelFiles, weights: Uint8Array): Promise<ModelFiles> {
  const { graph } = graphFiles(start);
  const config = { ...(readJson(start, "config.json") as object), torch_dtype: "float32" };
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>([
    ["config.json", new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
    ...SAME.filter((path) => start.bytes.has(path)).map(
      (path) => [path, new Uint8Array(start.bytes.get(path)!)] as const,
    ),
    [GRAPH_PATH, withOtherWeights(graph, weightFile(start), new Safetensors(weights))],
    [WEIGHTS_PATH, new Uint8Array(weights)],
  ]);
  const records = [];
  for (const [path, content] of bytes) records.push({ path, bytes: content.length, sha256: await sha256(content) });
  return { records, bytes };
}
