/** @file ONNX Runtime for the page: the build that a device needs, served by ourselves. Leaves out sessions (ort.ts). */
import { type DeviceOptions, openDevice } from "./device.ts";
import { Runtime } from "./runtime.ts";

/**
 * The page's runtime; make one, for all models.
 * @throws {ModelError} `no-webgpu`
 */
export async function browserRuntime(device: "webgpu" | "wasm", options?: DeviceOptions): Promise<Runtime> {
  const memoryLimit = options?.memoryLimit ?? null;
  if (device === "wasm") {
    const { ort } = await import("./ort-wasm.ts");
    return Runtime.onCpu(ort, device, memoryLimit);
  }
  const { ort } = await (waits() ? import("./ort-jspi.ts") : import("./ort-webgpu.ts"));
  return Runtime.onGpu(ort, () => openDevice(options), memoryLimit);
}

/** Can WebAssembly wait for a promise in the middle of a call? Where it cannot, ONNX Runtime comes rewritten so that it can, and larger. */
function waits(): boolean {
  return "Suspending" in WebAssembly;
}
