/** @file Which graphs a GPU cannot run rightly, though ONNX Runtime would take them. Elsewhere they run. Leaves out what only running shows (self-test.ts). */
import { ModelError } from "../cat/models.ts";
import type { Attention } from "./attention.ts";
import type { ValueMetadata } from "./ort.ts";
import type { Runtime } from "./runtime.ts";

/** @throws {ModelError} `model-unsupported`: the cache in place (slot-cache.ts) wants the attention that is told each row's length */
export function checkAttention({ gpu }: Runtime, { ragged }: Attention): void {
  if (gpu === null || ragged) return;
  const message =
    "The model's graph has attention of plain operators, which grows its cache at each step: too slow on WebGPU. " +
    "Choose an export with GroupQueryAttention (onnxruntime-genai's builder makes one), or run on wasm.";
  throw new ModelError("model-unsupported", message);
}

/** @throws {ModelError} `model-unsupported`: half precision without the device's */
export function checkPrecision({ gpu }: Runtime, values: readonly ValueMetadata[]): void {
  if (gpu === null || gpu.features.has("shader-f16")) return;
  const half = values.find((value) => value.isTensor && value.type === "float16");
  if (half === undefined) return;
  const message =
    `The model's graph computes in half precision (${half.name} is float16), which this GPU does not offer (shader-f16). ` +
    "Choose a q4, q8 or fp32 export, or run on wasm.";
  throw new ModelError("model-unsupported", message);
}
