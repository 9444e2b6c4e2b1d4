/** @file The logits of one forward pass, wherever the device left them: read back whole, or drawn from where they are. */
import type { Tensor } from "onnxruntime-web/webgpu";
import { widened } from "./floats.ts";
import { withOrt } from "./lock.ts";
import type { Runtime } from "./runtime.ts";

export class Logits {
  readonly vocabulary: number;
  /** Where the first wanted position stands; the others follow it. More than 0 where a graph gives all positions of its one row. */
  readonly first: number;
  readonly #runtime: Runtime;
  readonly #tensor: Tensor;

  /**
   * @param tensor [rows, positions, vocabulary] of the device; owned from now on
   * @param keep wanted positions of a row, from its end; as many as there are unless it is a single row
   */
  constructor(runtime: Runtime, tensor: Tensor, keep: number) {
    const [, positions = 1, vocabulary = 0] = tensor.dims;
    this.vocabulary = vocabulary;
    this.first = positions - keep;
    this.#runtime = runtime;
    this.#tensor = tensor;
  }

  /** In half precision? */
  get half(): boolean {
    return this.#tensor.type === "float16";
  }

  /** On the GPU, [rows × positions × vocabulary]; `null` where there is none. */
  get buffer(): GPUBuffer | null {
    return this.#runtime.gpu === null ? null : this.#tensor.gpuBuffer;
  }

  /** Everything wanted, [rows × kept × vocabulary], the caller's own; frees the original. @throws {ModelError} `device-lost` */
  async read(): Promise<Float32Array> {
    const values = await withOrt(() => this.#runtime.loss.guard(() => this.#tensor.getData(true)));
    return widened(values).subarray(this.first * this.vocabulary);
  }

  /** Frees them, unread. */
  dispose(): void {
    this.#tensor.dispose();
  }
}
