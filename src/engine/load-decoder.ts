/** @file From a model's files to a graph that is ready to run and known for what it takes: edited, checked against the device, created, read. */
import { ModelError } from "../cat/models.ts";
import { type Attention, readAttention } from "./attention.ts";
import { checkAttention, checkPrecision } from "./gpu-fit.ts";
import { type DecoderGraph, readGraph } from "./graph.ts";
import { graphFiles, type ModelFiles, readJson } from "./model-files.ts";
import { gatherBeforeHead } from "./onnx-file.ts";
import { OrtSession } from "./ort.ts";
import type { Runtime } from "./runtime.ts";

export interface LoadedDecoder {
  readonly session: OrtSession;
  readonly graph: DecoderGraph;
}

/** @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported`, `device-lost`, `out-of-memory` */
export async function loadDecoder(runtime: Runtime, files: ModelFiles): Promise<LoadedDecoder> {
  const { graph: bytes, externalData } = graphFiles(files);
  const { edited, attention } = prepared(bytes);
  checkAttention(runtime, attention);
  const session = await OrtSession.create(runtime, edited, externalData);
  try {
    const { inputs } = session;
    checkPrecision(runtime, [...inputs, ...session.outputs]);
    return { session, graph: readGraph({ inputs, attention, config: readJson(files, "config.json") }) };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** About what the weights take on the device: graph and files beside it. */
export function weightBytes(files: ModelFiles): number {
  const { graph, externalData } = graphFiles(files);
  return externalData.reduce((sum, { data }) => sum + data.length, graph.length);
}

function prepared(graph: Uint8Array): { edited: Uint8Array; attention: Attention } {
  const edited = reading(() => gatherBeforeHead(graph));
  if (edited !== null) return { edited, attention: reading(() => readAttention(graph)) };
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
