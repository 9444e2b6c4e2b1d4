/** @file ONNX Runtime for Node (native CPU), for benches and tests. Never part of the page's bundle. */
import * as ort from "onnxruntime-node";
import { type Ort, Runtime } from "./runtime.ts";

export function nodeRuntime(): Promise<Runtime> {
  // The two packages ship the same types in two copies of onnxruntime-common.
  return Promise.resolve(Runtime.onCpu(ort as unknown as Ort, "node"));
}
