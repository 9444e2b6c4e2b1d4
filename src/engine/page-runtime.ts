/** @file ONNX Runtime for the page: one wasm file, served by ourselves, for both WebGPU and wasm. Leaves out sessions (ort.ts). */
import { env } from "@huggingface/transformers";
import * as ort from "onnxruntime-web/webgpu";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { type DeviceOptions, openDevice } from "./device.ts";
import { Runtime } from "./runtime.ts";

/**
 * The page's runtime; make one, for all models. Configured before the first session, as ONNX Runtime asks.
 * @throws {ModelError} `no-webgpu`
 */
export async function browserRuntime(device: "webgpu" | "wasm", options?: DeviceOptions): Promise<Runtime> {
  configure();
  const memoryLimit = options?.memoryLimit ?? null;
  if (device === "wasm") return Runtime.onCpu(ort, device, memoryLimit);
  return Runtime.onGpu(ort, () => openDevice(options), memoryLimit);
}

function configure(): void {
  // transformers.js has pointed this at a CDN. With the wasm alone, the JavaScript part comes from our own bundle.
  ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, import.meta.url).href };
  // More need cross-origin isolation, which a static page does not have.
  ort.env.wasm.numThreads = 1;
  // Its cache wraps code in blob: URLs, which a strict content security policy forbids.
  env.useWasmCache = false;
}
