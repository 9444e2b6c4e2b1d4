/** @file Compute pipelines, compiled once a device: a software adapter takes a second for each. Leaves out what they compute. */

export interface Kernel {
  readonly label: string;
  /** WGSL. */
  readonly code: string;
  readonly entryPoint: string;
}

/** By code. Gone with their device. */
const compiled = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

export function pipelineOf(gpu: GPUDevice, { label, code, entryPoint }: Kernel): GPUComputePipeline {
  const made = compiled.get(gpu) ?? new Map<string, GPUComputePipeline>();
  compiled.set(gpu, made);
  const known = made.get(code);
  if (known !== undefined) return known;
  const module = gpu.createShaderModule({ label, code });
  const pipeline = gpu.createComputePipeline({ label, layout: "auto", compute: { module, entryPoint } });
  made.set(code, pipeline);
  return pipeline;
}
