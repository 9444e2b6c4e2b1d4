/** @file The one GPUDevice that ONNX Runtime and our kernels share. Leaves out what is done when it is lost (device-loss.ts). */
import { ModelError } from "../cat/models.ts";
import type { AdapterRecord } from "../run/event.ts";

/** ONNX Runtime's attention with subgroups handles sizes from 8 only, and is silently wrong on smaller ones (SwiftShader has 4; measured with 1.31-dev). */
const SMALLEST_SUBGROUP = 8;

/** Raised to what the adapter offers; the defaults are too small for the weights of larger models. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

export interface DeviceOptions {
  /** Takes `subgroups` even where they are too small. Only for proving that the self-test notices. */
  readonly forceSubgroups?: boolean;
  /** Bytes that weights and caches may take. Only for proving that a run ends well with less. */
  readonly memoryLimit?: number;
}

/** What adapter a device would be made from; `null` where there is none. */
export async function probeAdapter(): Promise<AdapterRecord | null> {
  const adapter = await requestAdapter();
  return adapter === null ? null : describe(adapter);
}

/** What of a device decides which weights fit it, without making one. A software adapter counts as none: wasm is faster there. */
export async function probeFit(): Promise<{ webgpu: boolean; f16: boolean }> {
  const adapter = await requestAdapter();
  if (adapter === null || describe(adapter).isFallback) return { webgpu: false, f16: false };
  return { webgpu: true, f16: adapter.features.has("shader-f16") };
}

/** @throws {ModelError} `no-webgpu`, with the browser's reason if it has an adapter but gives no device */
export async function openDevice(options: DeviceOptions = {}): Promise<{ gpu: GPUDevice; adapter: AdapterRecord }> {
  const adapter = await requestAdapter();
  if (adapter === null) {
    throw new ModelError(
      "no-webgpu",
      "This browser offers no WebGPU adapter. Run on wasm, or use a browser with WebGPU.",
    );
  }
  const { features, info, limits } = adapter;
  const subgroups = features.has("subgroups") && (options.forceSubgroups ?? info.subgroupMinSize >= SMALLEST_SUBGROUP);
  const requiredFeatures: GPUFeatureName[] = [];
  if (features.has("shader-f16")) requiredFeatures.push("shader-f16");
  if (subgroups) requiredFeatures.push("subgroups");
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
  const gpu = await adapter.requestDevice({ requiredFeatures, requiredLimits }).catch((error: unknown): never => {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The browser gave no WebGPU device (${reason}). Run on wasm, or restart the browser.`;
    throw new ModelError("no-webgpu", message, { cause: error });
  });
  return { gpu, adapter: describe(adapter) };
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  // Absent in browsers without WebGPU, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined;
  return (await gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? null;
}

function describe(adapter: GPUAdapter): AdapterRecord {
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  // Older browsers have the flag on the adapter itself.
  const flag =
    (isFallbackAdapter as boolean | undefined) ?? (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  return { vendor, architecture, description, isFallback: flag === true || architecture === "swiftshader" };
}
