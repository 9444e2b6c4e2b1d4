/** @file A runtime for benchmarks in a page: what it does otherwise than asked is said outside, since it changes what is measured. */
import { browserRuntime } from "../../src/engine/page-runtime.ts";
import type { Runtime } from "../../src/engine/runtime.ts";

declare global {
  var benchNotice: (message: string) => void;
}

/** @throws as `browserRuntime` */
export async function openRuntime(device: "wasm" | "webgpu"): Promise<Runtime> {
  const runtime = await browserRuntime(device);
  runtime.onNotice = ({ message }) => {
    globalThis.benchNotice(message);
  };
  return runtime;
}
