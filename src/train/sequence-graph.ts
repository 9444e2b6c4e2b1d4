/** @file A graph of train-graph.ts, ready to run over any sequences: in buckets, one run a bucket. Leaves out what its other inputs and outputs mean. */
import { ModelError } from "../cat/models.ts";
import { type Feeds, OrtSession, readTensor, type Tensor } from "../engine/ort.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Sequence } from "./batch.ts";
import { buckets } from "./buckets.ts";
import { FeedMaker, sequenceLength } from "./feeds.ts";
import type { FinishedGraph } from "./graph.ts";
import type { LlamaConfig } from "./llama-config.ts";

/** Which model, and where. */
export interface Placed {
  readonly runtime: Runtime;
  readonly config: LlamaConfig;
}

/** What one run takes besides the sequences, and gives besides their log-probabilities. */
export interface Run {
  readonly feeds: Feeds;
  /** Outputs that are wanted, `logprobs` among them; `null` has a tensor made. */
  readonly into: Readonly<Record<string, Tensor | null>>;
  readonly take?: (outputs: Feeds) => void;
}

export class SequenceGraph {
  readonly #runtime: Runtime;
  /** `null` once it is released. */
  #session: OrtSession | null;
  readonly #feeds: FeedMaker;
  readonly #tokensPerRun: number;
  /** Names of inputs: without a loss some are not asked for. */
  readonly #takes: ReadonlySet<string>;

  private constructor(runtime: Runtime, session: OrtSession, feeds: FeedMaker, tokensPerRun: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.#feeds = feeds;
    this.#tokensPerRun = tokensPerRun;
    this.#takes = new Set(session.inputs.map(({ name }) => name));
  }

  /** @throws {ModelError} `model-unsupported`, `device-lost`, `out-of-memory` */
  static async create({ runtime, config }: Placed, graph: FinishedGraph, tokensPerRun: number): Promise<SequenceGraph> {
    const session = await OrtSession.create(runtime, graph.model);
    return new SequenceGraph(runtime, session, new FeedMaker(runtime.ort, config, graph.shapes), tokensPerRun);
  }

  /**
   * @param each says of some of the sequences, and which of all they are, how they are run together
   * @returns [sequences][completion] log-probabilities
   * @throws {ModelError} `device-lost`, `out-of-memory`; RangeError for a sequence without a prompt
   */
  async run<S extends Sequence>(
    sequences: readonly S[],
    each: (chosen: readonly S[], at: readonly number[]) => Run,
  ): Promise<Float32Array[]> {
    const found: Float32Array[] = [];
    for (const { length, rows } of buckets(sequences.map(sequenceLength), this.#tokensPerRun)) {
      const chosen = rows.map((row) => sequences[row]!);
      const { feeds, into, take } = each(chosen, rows);
      const made = this.#feeds.make({ sequences: chosen, length });
      const own = Object.entries(made).filter(([name]) => this.#takes.has(name));
      if (this.#session === null) throw graphLost();
      const outputs = await this.#session.run({ ...feeds, ...Object.fromEntries(own) }, into);
      take?.(outputs);
      const logprobs = (await readTensor(this.#runtime, outputs["logprobs"]!)) as Float32Array;
      let start = 0;
      for (const [i, row] of rows.entries()) {
        const end = start + chosen[i]!.completion.length;
        found[row] = logprobs.slice(start, end);
        start = end;
      }
    }
    this.#runtime.errors.throwIfAny();
    return found;
  }

  async release(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
  }
}

function graphLost(): ModelError {
  return new ModelError("device-lost", "The training was lost with the GPU device. Go on from a checkpoint.");
}
