/** @file Which buffers of a GPU device are alive: what is left when all is disposed of was forgotten. */

/** @returns the buffers of the device that were made from now on and not yet destroyed. */
export function watchBuffers(gpu: GPUDevice): Set<GPUBuffer> {
  const live = new Set<GPUBuffer>();
  const create = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    live.add(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      destroy();
    };
    return buffer;
  };
  return live;
}
