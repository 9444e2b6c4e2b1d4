/**
 * @file onnxruntime-web on wasm, in Node, without a browser. The build without WebGPU: the same kernels as the page's, which takes three times as long
 * to compile here and is tested in a browser (tests/browser/engine.test.ts).
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as ort from "onnxruntime-web/wasm";
import { Runtime } from "../../src/engine/runtime.ts";

const WASM = "onnxruntime-web/ort-wasm-simd-threaded.wasm";

export async function wasmRuntime(): Promise<Runtime> {
  ort.env.wasm.wasmBinary = new Uint8Array(await readFile(createRequire(import.meta.url).resolve(WASM))).buffer;
  ort.env.wasm.numThreads = 1;
  return Runtime.onCpu(ort, "wasm");
}
