/** @file ONNX Runtime with WebGPU, for browsers whose WebAssembly can wait for promises (JSPI): two thirds of the other build, and it reads weight files where they lie (decision 3). */
import * as ort from "onnxruntime-web/jspi";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url";

// With the wasm alone, the JavaScript part comes from our own bundle.
ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, import.meta.url).href };
// More need cross-origin isolation, which a static page does not have.
ort.env.wasm.numThreads = 1;

export { ort };
