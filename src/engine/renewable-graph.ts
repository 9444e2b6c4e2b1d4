/**
 * @file A decoder's graph on the device of the moment: made again when the device is. Sessions that differ in their weights alone share one.
 * Leaves out running it (session.ts).
 */
import { ModelError } from "../cat/models.ts";
import type { DecoderGraph } from "./graph.ts";
import { type LoadedDecoder, loadDecoder, type WeightPlace } from "./load-decoder.ts";
import type { ModelFiles } from "./model-files.ts";
import type { OrtSession } from "./ort.ts";
import type { Renewable, Runtime } from "./runtime.ts";
import type { WeightInput } from "./weight-source.ts";

/** Gives the files of a model again. */
export type Reload = () => Promise<ModelFiles>;

export interface RenewableOptions {
  readonly weights: WeightPlace;
  /** Gives the files again for a new device when this one is lost; `null`: then the graph is lost with it. */
  readonly reload: Reload | null;
}

export class RenewableGraph implements Renewable {
  readonly runtime: Runtime;
  readonly graph: DecoderGraph;
  /** What a pass takes besides tokens and cache; none where the weights are constants. */
  readonly weightInputs: readonly WeightInput[];
  /** Of graph and files beside it; about what they take on the device. */
  readonly bytes: number;
  readonly #options: RenewableOptions;
  #session: OrtSession | null;

  private constructor(runtime: Runtime, decoder: LoadedDecoder, options: RenewableOptions) {
    this.runtime = runtime;
    this.graph = decoder.graph;
    this.weightInputs = decoder.weightInputs;
    this.bytes = decoder.bytes;
    this.#options = options;
    this.#session = decoder.session;
  }

  /** @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported`, `device-lost`, `out-of-memory` */
  static async create(runtime: Runtime, files: ModelFiles, options: RenewableOptions): Promise<RenewableGraph> {
    const made = new RenewableGraph(runtime, await loadDecoder(runtime, files, options.weights), options);
    runtime.renewables.add(made);
    return made;
  }

  /** `null` between devices. */
  get session(): OrtSession | null {
    return this.#session;
  }

  async release(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
  }

  /** The same graph on the runtime's new device. @throws {ModelError} as {@link create} */
  async rebuild(): Promise<void> {
    const { weights, reload } = this.#options;
    if (reload === null) throw graphLost();
    this.#session = (await loadDecoder(this.runtime, await reload(), weights)).session;
  }

  /** Frees it, for good. */
  async dispose(): Promise<void> {
    this.runtime.renewables.delete(this);
    await this.release();
  }
}

/** What is said of a graph that is on no device. */
export function graphLost(): ModelError {
  return new ModelError("device-lost", "The GPU device was lost. Load the model again.");
}
