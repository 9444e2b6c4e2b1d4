/** @file ONNX Runtime with WebGPU, for browsers without JSPI (ort-jspi.ts); transformers.js brings the same, and is configured with it. */
import { env } from "@huggingface/transformers";
import * as ort from "onnxruntime-web/webgpu";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";

// transformers.js has pointed this at a CDN. With the wasm alone, the JavaScript part comes from our own bundle.
ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, import.meta.url).href };
// More need cross-origin isolation, which a static page does not have.
ort.env.wasm.numThreads = 1;
// Its cache wraps code in blob: URLs, which a strict content security policy forbids.
env.useWasmCache = false;

export { ort };
