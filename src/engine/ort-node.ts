/** @file ONNX Runtime for Node (native CPU), for benches and tests. Never part of the page's bundle. */
import * as ort from "onnxruntime-node";
import { DeviceLoss } from "./device-loss.ts";
import { GpuErrors } from "./gpu-errors.ts";
import type { Ort, Runtime } from "./runtime.ts";

export function nodeRuntime(): Promise<Runtime> {
  // The two packages ship the same types in two copies of onnxruntime-common.
  const module = ort as unknown as Ort;
  return Promise.resolve({
    ort: module,
    device: "node",
    gpu: null,
    adapter: null,
    loss: new DeviceLoss(null),
    errors: new GpuErrors(null),
  });
}
