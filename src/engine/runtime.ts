/** @file What the engine runs on: one ONNX Runtime module and, for WebGPU, one device. Made by ort.ts (page) or ort-node.ts; leaves out how. */
import type { InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import type { AdapterRecord } from "../run/event.ts";
import type { DeviceLoss } from "./device-loss.ts";
import type { GpuErrors } from "./gpu-errors.ts";

/** The part of ONNX Runtime that the engine uses; web and Node modules both fit. */
export interface Ort {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

export interface Runtime {
  readonly ort: Ort;
  readonly device: "webgpu" | "wasm" | "node";
  /** The device that sessions, copies and kernels share; `null` unless `device` is `webgpu`. Destroyed by whoever made the runtime. */
  readonly gpu: GPUDevice | null;
  /** `null` unless `device` is `webgpu`. */
  readonly adapter: AdapterRecord | null;
  readonly loss: DeviceLoss;
  readonly errors: GpuErrors;
}
