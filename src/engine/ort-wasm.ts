/** @file ONNX Runtime without WebGPU, for the wasm device: half as large as the build with it, and it need not be able to wait in mid-call, which slows that one (decision 3). */
import * as ort from "onnxruntime-web/wasm";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";

// With the wasm alone, the JavaScript part comes from our own bundle.
ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, import.meta.url).href };
// More need cross-origin isolation, which a static page does not have.
ort.env.wasm.numThreads = 1;

export { ort };
