/**
 * @file The weights of one model on a device, as a session takes them that leaves them open: a policy in training has one, its frozen start
 * another. Leaves out which tensor is which weight (weight-source.ts), and changing them (the trainer).
 */
import type { Tensor } from "onnxruntime-web/webgpu";
import { ModelError } from "../cat/models.ts";
import type { Feeds } from "./ort.ts";
import type { Runtime } from "./runtime.ts";
import type { Safetensors } from "./safetensors.ts";
import { readWeight, type WeightInput, weightSize } from "./weight-source.ts";

/** Owned by whoever made it, who ends it with {@link WeightSet.dispose}; sessions that use it do not. */
export class WeightSet {
  /**
   * By input of the graph. Whatever is written into its buffer on the GPU, or into its data elsewhere, counts from the next pass on; a
   * buffer may be longer than its weight.
   */
  readonly tensors: Feeds;
  readonly bytes: number;
  readonly #runtime: Runtime;
  readonly #generation: number;

  private constructor(runtime: Runtime, tensors: Feeds, bytes: number) {
    this.#runtime = runtime;
    this.#generation = runtime.generation;
    this.tensors = tensors;
    this.bytes = bytes;
  }

  /**
   * Weight by weight, so that no second copy of all of them is ever there.
   * @param file may be dropped afterwards
   * @throws {ModelError} `device-lost`, `out-of-memory`
   */
  static async create(runtime: Runtime, inputs: readonly WeightInput[], file: Safetensors): Promise<WeightSet> {
    const tensors: Record<string, Tensor> = {};
    const set = new WeightSet(runtime, tensors, 4 * inputs.reduce((sum, input) => sum + weightSize(input), 0));
    try {
      for (const input of inputs) {
        const tensor = runtime.gpu === null ? onCpu(runtime, input) : onGpu(runtime, input);
        tensors[input.name] = tensor;
        fill(tensor, input, file);
      }
      const { gpu, loss, errors } = runtime;
      if (gpu !== null) await loss.guard(() => gpu.queue.onSubmittedWorkDone());
      errors.throwIfAny();
      return set;
    } catch (error) {
      set.dispose();
      throw error instanceof RangeError ? noMemory(set.bytes, error) : error;
    }
  }

  /** @throws {ModelError} `device-lost` if their device is gone: only their owner can make them again */
  feeds(): Feeds {
    if (this.#runtime.generation !== this.#generation) throw weightsLost();
    return this.tensors;
  }

  /** Call once no session uses them. */
  dispose(): void {
    for (const tensor of Object.values(this.tensors)) {
      if (tensor.location === "gpu-buffer") tensor.gpuBuffer.destroy();
      tensor.dispose();
    }
  }
}

/** What a session says that cannot go on with its weights. */
export function weightsLost(): ModelError {
  return new ModelError("device-lost", "The weights were lost with the GPU device. Load the model again.");
}

/** Neither arrays nor mapped buffers say more than that they could not be had. */
function noMemory(bytes: number, cause: RangeError): ModelError {
  const message = `There is no memory for the model's weights (${Math.ceil(bytes / 2 ** 20)} MiB). Choose a smaller model.`;
  return new ModelError("out-of-memory", message, { cause });
}

function onCpu({ ort }: Runtime, input: WeightInput): Tensor {
  return new ort.Tensor("float32", new Float32Array(weightSize(input)), input.dims);
}

/** Mapped, for {@link fill}. */
function onGpu({ ort, gpu }: Runtime, input: WeightInput): Tensor {
  // ONNX Runtime's kernels read four numbers at once.
  const bytes = Math.ceil(weightSize(input) / 4) * 16;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = gpu!.createBuffer({ label: "weight", size: bytes, usage, mappedAtCreation: true });
  return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: input.dims });
}

function fill(tensor: Tensor, input: WeightInput, file: Safetensors): void {
  if (tensor.location !== "gpu-buffer") {
    readWeight(input, file, tensor.data as Float32Array);
    return;
  }
  const buffer = tensor.gpuBuffer;
  readWeight(input, file, new Float32Array(buffer.getMappedRange(), 0, weightSize(input)));
  buffer.unmap();
}
