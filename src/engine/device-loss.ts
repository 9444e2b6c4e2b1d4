/** @file A lost or stalled GPU as a rejection: work that waits for it may otherwise never settle. */
import { ModelError } from "../cat/models.ts";

/** Milliseconds that one piece of work may take. Browsers end a hanging command after about ten seconds; a software adapter compiles and reads long prompts for up to a minute. */
const PATIENCE = 180_000;

/** Milliseconds to wait for the word of a loss where a reading was cut off, which comes first; more than a second was seen. */
const WORD = 10_000;

export class DeviceLoss {
  /** Settles when the device is lost; never without one. Destroying it counts. */
  readonly happened: Promise<ModelError>;
  readonly #patience: number | null;
  #error: ModelError | null = null;
  readonly #waiting = new Set<(error: ModelError) => void>();

  /** Watches a device for as long as it lives; without one nothing is ever lost, and nothing stalls: it runs while we wait. */
  constructor(gpu: GPUDevice | null, patience = PATIENCE) {
    this.happened = gpu === null ? new Promise(() => undefined) : gpu.lost.then((info) => this.#lose(info));
    this.#patience = gpu === null ? null : patience;
  }

  #lose({ reason, message }: GPUDeviceLostInfo): ModelError {
    const why = message === "" ? reason : message;
    return this.#end(new ModelError("device-lost", `The GPU device was lost (${why}). Load the model again.`));
  }

  #stall(patience: number): void {
    const message = `The GPU did not finish one step in ${patience / 1000} seconds. Reload the page, or run on wasm.`;
    this.#end(new ModelError("device-stalled", message));
  }

  /** What happened first stays: ONNX Runtime cannot be called again while a call of it hangs. */
  #end(error: ModelError): ModelError {
    this.#error ??= error;
    for (const reject of this.#waiting) reject(this.#error);
    this.#waiting.clear();
    return this.#error;
  }

  /**
   * @returns what `work` gives, unless the device is lost or stalls first.
   * @throws {ModelError} `device-lost`, `device-stalled`
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    this.#throwIfEnded();
    // Not Promise.race on one long-lived promise: each race would leave a reaction on it, one a step, for ever.
    let give: (error: ModelError) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      give = reject;
      this.#waiting.add(give);
    });
    const patience = this.#patience;
    const timer =
      patience === null
        ? undefined
        : setTimeout(() => {
            this.#stall(patience);
          }, patience);
    try {
      return await Promise.race([work(), ended]);
    } catch (error) {
      // What failed because of the loss says so, whichever of the two came first.
      const isCutOff = error instanceof DOMException && error.name === "AbortError";
      if (isCutOff) await Promise.race([this.happened, new Promise((resolve) => setTimeout(resolve, WORD))]);
      this.#throwIfEnded();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(give);
    }
  }

  #throwIfEnded(): void {
    if (this.#error !== null) throw this.#error;
  }
}
