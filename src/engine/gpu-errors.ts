/** @file Errors that WebGPU tells to nobody in particular. Unheard, a failed allocation would only show as wrong numbers. */
import { ModelError } from "../cat/models.ts";

export class GpuErrors {
  #first: ModelError | null = null;

  /** Listens for as long as the device lives; without one there is nothing to hear. */
  constructor(gpu: GPUDevice | null) {
    gpu?.addEventListener("uncapturederror", ({ error }) => {
      this.#first ??= describe(error);
    });
  }

  /** To be called when results are there. @throws {ModelError} `out-of-memory`, `unexpected`: the first since the last call */
  throwIfAny(): void {
    const error = this.#first;
    this.#first = null;
    if (error !== null) throw error;
  }
}

function describe(error: GPUError): ModelError {
  if (error instanceof GPUOutOfMemoryError) {
    const message = `The GPU has no memory left (${error.message}). Choose a smaller model or fewer rollouts.`;
    return new ModelError("out-of-memory", message, { cause: error });
  }
  return new ModelError("unexpected", `The GPU refused a command: ${error.message}. Reload the page.`, {
    cause: error,
  });
}
