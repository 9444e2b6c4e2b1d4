/** @file What is asked of a GPU device from now on: live buffers, bytes mapped for reading, and the time that the maps took. */

export interface Watched {
  /** Made from now on and not yet destroyed: what is left when all is disposed of was forgotten. */
  readonly live: ReadonlySet<GPUBuffer>;
  readonly bytesRead: number;
  readonly msWaited: number;
}

export function watchGpu(gpu: GPUDevice): Watched {
  const live = new Set<GPUBuffer>();
  const watched = { live, bytesRead: 0, msWaited: 0 };
  const create = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      destroy();
    };
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = async (mode, offset, size) => {
      if (mode === GPUMapMode.READ) watched.bytesRead += size ?? buffer.size - (offset ?? 0);
      const start = performance.now();
      await map(mode, offset, size);
      watched.msWaited += performance.now() - start;
    };
    return buffer;
  };
  return watched;
}
