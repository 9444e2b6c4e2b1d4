/** @file Numbers of a GPU buffer, read back. Leaves out tensors of ONNX Runtime, which reads its own (engine/ort.ts). */

/** @param size numbers from the start of `buffer` @returns the caller's own */
export async function readFloats(gpu: GPUDevice, buffer: GPUBuffer, size: number): Promise<Float32Array<ArrayBuffer>> {
  const { MAP_READ, COPY_DST } = GPUBufferUsage;
  const staging = gpu.createBuffer({ label: "train", size: 4 * size, usage: MAP_READ | COPY_DST });
  try {
    const encoder = gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4 * size);
    gpu.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return new Float32Array(staging.getMappedRange().slice(0));
  } finally {
    staging.destroy();
  }
}
