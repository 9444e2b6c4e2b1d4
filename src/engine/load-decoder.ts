/**
 * @file From a model's files to a graph that is ready to run and known for what it takes: edited, checked against the device, created, read.
 * Leaves out what happens to it afterwards (renewable-graph.ts).
 */
import { ModelError } from "../cat/models.ts";
import { type Attention, readAttention } from "./attention.ts";
import { checkAttention, checkPrecision } from "./gpu-fit.ts";
import { type DecoderGraph, readGraph } from "./graph.ts";
import { graphFiles, type ModelFiles, readJson } from "./model-files.ts";
import { gatherBeforeHead } from "./onnx-file.ts";
import { OrtSession } from "./ort.ts";
import type { Runtime } from "./runtime.ts";
import { Safetensors } from "./safetensors.ts";
import { openTree } from "./tree-graph.ts";
import { openWeights } from "./weight-inputs.ts";
import type { WeightInput } from "./weight-source.ts";

/** Are the weights in the graph, or does each pass bring them? */
export type WeightPlace = "constants" | "inputs";

export interface LoadedDecoder {
  readonly session: OrtSession;
  readonly graph: DecoderGraph;
  /** None if the weights are constants. */
  readonly weightInputs: readonly WeightInput[];
  /** Of graph and files beside it; about what they take on the device. */
  readonly bytes: number;
}

/** @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported`, `device-lost`, `out-of-memory` */
export async function loadDecoder(runtime: Runtime, files: ModelFiles, weights: WeightPlace): Promise<LoadedDecoder> {
  const { graph: bytes, externalData } = graphFiles(files);
  const { edited, attention } = prepared(bytes);
  checkAttention(runtime, attention);
  const { model, inputs: weightInputs } =
    weights === "inputs" ? reading(() => openWeights(edited, weightFile(files))) : { model: edited, inputs: [] };
  const session = await OrtSession.create(runtime, model, externalData);
  try {
    checkPrecision(runtime, [...session.inputs, ...session.outputs]);
    const brought = new Set(weightInputs.map(({ name }) => name));
    const inputs = session.inputs.filter(({ name }) => !brought.has(name));
    const graph = readGraph({ inputs, attention, config: readJson(files, "config.json") });
    const beside = weights === "inputs" ? [] : externalData;
    const besideBytes = beside.reduce((sum, { data }) => sum + (data instanceof Blob ? data.size : data.length), 0);
    return { session, graph, weightInputs, bytes: model.length + besideBytes };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** The model's weights as the hub has them. @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported` */
export function weightFile(files: ModelFiles): Safetensors {
  const bytes = files.bytes.get("model.safetensors");
  if (bytes !== undefined) return new Safetensors(bytes);
  const found = [...files.bytes.keys()].join(", ");
  const message = `This model needs model.safetensors; its files are: ${found}. Choose a model that has it in one file.`;
  throw new ModelError("file-missing", message);
}

function prepared(graph: Uint8Array): { edited: Uint8Array; attention: Attention } {
  const gathered = reading(() => gatherBeforeHead(graph));
  if (gathered !== null) {
    // What cannot read trees is left as it is.
    return reading(() => ({ edited: openTree(gathered) ?? gathered, attention: readAttention(graph) }));
  }
  const message = "The model's graph has no head that the engine knows: logits made by MatMul, MatMulNBits or Gemm.";
  throw new ModelError("model-unsupported", `${message} Choose another export, such as q4 or fp32.`);
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ModelError) throw error;
    const message = `The model's graph cannot be read (${String(error)}). Remove the model and load it again.`;
    throw new ModelError("model-unsupported", message, { cause: error });
  }
}
