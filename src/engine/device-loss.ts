/** @file A lost GPU as a rejection: work that waits for a lost device may otherwise never settle. */
import { ModelError } from "../cat/models.ts";

export class DeviceLoss {
  /** Settles when the device is lost; never without one. Destroying it counts. */
  readonly happened: Promise<ModelError>;
  #error: ModelError | null = null;
  readonly #waiting = new Set<(error: ModelError) => void>();

  /** Watches a device for as long as it lives; without one nothing is ever lost. */
  constructor(gpu: GPUDevice | null) {
    this.happened = gpu === null ? new Promise(() => undefined) : gpu.lost.then((info) => this.#lose(info));
  }

  #lose({ reason, message }: GPUDeviceLostInfo): ModelError {
    const why = message === "" ? reason : message;
    const error = new ModelError("device-lost", `The GPU device was lost (${why}). Load the model again.`);
    this.#error = error;
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
    return error;
  }

  /**
   * @returns what `work` gives, unless the device is lost first.
   * @throws {ModelError} `device-lost`
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    this.#throwIfLost();
    // Not Promise.race on one long-lived promise: each race would leave a reaction on it, one a step, for ever.
    let give: (error: ModelError) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      give = reject;
      this.#waiting.add(give);
    });
    try {
      return await Promise.race([work(), lost]);
    } catch (error) {
      // What failed because of the loss says so, whichever of the two came first.
      this.#throwIfLost();
      throw error;
    } finally {
      this.#waiting.delete(give);
    }
  }

  #throwIfLost(): void {
    if (this.#error !== null) throw this.#error;
  }
}
