/** @file The logits of one pass at the positions that were asked for, wherever the device left them: read back whole, or drawn from where they are. */
import type { Tensor } from "onnxruntime-web/webgpu";
import { widened } from "./floats.ts";
import { readTensor } from "./ort.ts";
import type { Runtime } from "./runtime.ts";

export class Logits {
  readonly vocabulary: number;
  readonly #runtime: Runtime;
  readonly #tensor: Tensor;

  /** @param tensor [positions, 1, vocabulary] of the device; owned from now on */
  constructor(runtime: Runtime, tensor: Tensor) {
    this.vocabulary = tensor.dims.at(-1)!;
    this.#runtime = runtime;
    this.#tensor = tensor;
  }

  /** In half precision? */
  get half(): boolean {
    return this.#tensor.type === "float16";
  }

  /** On the GPU, [positions × vocabulary]; `null` where there is none. */
  get buffer(): GPUBuffer | null {
    return this.#runtime.gpu === null ? null : this.#tensor.gpuBuffer;
  }

  /** [positions × vocabulary], the caller's own; frees the original. @throws {ModelError} `device-lost` */
  async read(): Promise<Float32Array> {
    return widened(await readTensor(this.#runtime, this.#tensor));
  }

  /** Frees them, unread. */
  dispose(): void {
    this.#tensor.dispose();
  }
}
