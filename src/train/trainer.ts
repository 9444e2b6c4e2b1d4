/**
 * @file GRPO steps (DeepSeekMath, arXiv 2402.03300, Algorithm 1, lines 7 to 11) on a set of weights, in place: whoever samples under the same set
 * samples from the trained policy. Leaves out where rollouts and rewards come from.
 */
import type { Objective } from "../cat/grpo.ts";
import { withOrt } from "../engine/lock.ts";
import type { Renewable } from "../engine/runtime.ts";
import { Safetensors } from "../engine/safetensors.ts";
import type { WeightSet } from "../engine/weight-set.ts";
import type { WeightInput } from "../engine/weight-source.ts";
import { type AdamW, type AdamWSettings, scalesAt } from "./adamw.ts";
import { type Averaging, type Sequence, type TrainGroup, type TrainRow, trainRows } from "./batch.ts";
import { CpuAdamW } from "./cpu-adamw.ts";
import { GpuAdamW } from "./gpu-adamw.ts";
import { lossFeeds } from "./loss-feeds.ts";
import { readOptimizerFile, writeOptimizerFile } from "./optimizer-file.ts";
import { type Placed, SequenceGraph } from "./sequence-graph.ts";
import { type BatchStatistics, batchStatistics, lossStatistics, meanOf, type UpdateStatistics } from "./statistics.ts";
import { gradientName, logprobGraph, lossGraph } from "./train-graph.ts";
import { readWeightFile, writeWeightFile } from "./weight-file.ts";

export interface GrpoSettings extends Objective, AdamWSettings {
  readonly averaging: Averaging;
  /** Updates with each batch. */
  readonly epochs: number;
  /** Tokens that are run at once, padding included: what bounds memory. */
  readonly tokensPerRun: number;
}

/** As the `step` event has them (docs/formats.md). */
export interface StepStatistics extends BatchStatistics, UpdateStatistics {
  readonly ms: number;
}

export interface Trained extends Placed {
  /** Of the sampling graph. */
  readonly inputs: readonly WeightInput[];
  /** Of the policy; changed by each step. They stay their owner's. */
  readonly policy: WeightSet;
  /** Where the policy started, left as it is; needed with a KL coefficient alone. */
  readonly initialPolicy: WeightSet | null;
}

/** All that a training needs to go on: two safetensors files. */
export interface Checkpoint {
  /** The policy, as the hub's model.safetensors. */
  readonly weights: Uint8Array;
  readonly optimizer: Uint8Array;
}

/** One step at a time. Lost with the device, as the weights are: make both again from a checkpoint. */
export class GrpoTrainer implements Renewable {
  readonly #trained: Trained;
  readonly #settings: GrpoSettings;
  readonly #loss: SequenceGraph;
  readonly #adamW: AdamW;
  /** Made when first needed. */
  #logprobs: Promise<SequenceGraph> | null = null;
  #updates = 0;

  private constructor(trained: Trained, settings: GrpoSettings, loss: SequenceGraph) {
    const { runtime, inputs, policy } = trained;
    this.#trained = trained;
    this.#settings = settings;
    this.#loss = loss;
    const weights = policy.feeds();
    this.#adamW =
      runtime.gpu === null ? new CpuAdamW(inputs, weights, settings) : new GpuAdamW(runtime, inputs, weights, settings);
  }

  /** @throws {ModelError} `model-unsupported`, `device-lost`, `out-of-memory`; RangeError for a KL coefficient without `initialPolicy` */
  static async create(trained: Trained, settings: GrpoSettings): Promise<GrpoTrainer> {
    const { config, inputs, runtime, initialPolicy } = trained;
    if (settings.klCoefficient !== 0 && initialPolicy === null) {
      throw new RangeError(`klCoefficient is ${settings.klCoefficient}: give initialPolicy, or set it to 0`);
    }
    const loss = await SequenceGraph.create(trained, lossGraph(config, inputs, settings), settings.tokensPerRun);
    const made = new GrpoTrainer(trained, settings, loss);
    runtime.renewables.add(made);
    return made;
  }

  /** Updates of the weights so far. */
  get updates(): number {
    return this.#updates;
  }

  /**
   * Learns from one batch.
   * @param groups of which those without spread are skipped; without any other, nothing changes
   * @throws {ModelError} `device-lost`, `out-of-memory`; `unexpected` if the gradient is no number, and then the weights are as they were
   */
  async step(groups: readonly TrainGroup[]): Promise<StepStatistics> {
    const start = performance.now();
    const { klCoefficient, averaging, epochs } = this.#settings;
    const rows = trainRows(groups, averaging);
    const initial = klCoefficient === 0 ? null : await this.logprobs(rows, this.#trained.initialPolicy!);
    const updates: UpdateStatistics[] = [];
    for (let epoch = 0; rows.length > 0 && epoch < epochs; epoch++) updates.push(await this.#update(rows, initial));
    return { ...batchStatistics(groups), ...meanOf(updates), ms: performance.now() - start };
  }

  /**
   * Of every token of every completion, in nats, at temperature 1.
   * @returns [sequences][completion]
   * @throws {ModelError} `device-lost`, `out-of-memory`
   */
  async logprobs(sequences: readonly Sequence[], weights: WeightSet): Promise<Float32Array[]> {
    const { config, inputs } = this.#trained;
    this.#logprobs ??= SequenceGraph.create(this.#trained, logprobGraph(config, inputs), this.#settings.tokensPerRun);
    return (await this.#logprobs).run(sequences, () => ({ feeds: weights.feeds(), into: { logprobs: null } }));
  }

  /** As after the last step. @throws {ModelError} `device-lost` */
  checkpoint(): Promise<Checkpoint> {
    const { runtime, inputs, policy, config } = this.#trained;
    return this.#alone(async () => ({
      weights: await writeWeightFile(runtime, inputs, policy.feeds(), config),
      optimizer: writeOptimizerFile({ updates: this.#updates, moments: await this.#adamW.readMoments() }, inputs),
    }));
  }

  /** Goes on from there; whoever samples under the same set does, too. @throws {ModelError} `file-damaged`, `device-lost` */
  async restore({ weights, optimizer }: Checkpoint): Promise<void> {
    const { runtime, inputs, policy } = this.#trained;
    const { updates, moments } = readOptimizerFile(new Safetensors(optimizer), inputs);
    const file = new Safetensors(weights);
    await this.#alone(() => {
      readWeightFile(runtime, inputs, file, policy.feeds());
      this.#adamW.writeMoments(moments);
      return Promise.resolve();
    });
    this.#updates = updates;
  }

  /** ONNX Runtime keeps a device until its last session is released. */
  async release(): Promise<void> {
    await this.#loss.release();
    await (await this.#logprobs)?.release();
  }

  /** Nothing: the weights are gone, which the next step says. */
  rebuild(): Promise<void> {
    return Promise.resolve();
  }

  /** Frees everything but the weights. */
  async dispose(): Promise<void> {
    this.#trained.runtime.renewables.delete(this);
    await this.release();
    this.#adamW.dispose();
  }

  async #update(rows: readonly TrainRow[], initial: readonly Float32Array[] | null): Promise<UpdateStatistics> {
    const names = this.#trained.inputs.map(({ name }) => name);
    const logprobs = await this.#loss.run(rows, (chosen, at) => {
      const { runtime, policy } = this.#trained;
      const { into } = this.#adamW;
      const gradients = names.map((name) => [gradientName(name), into?.[name] ?? null] as const);
      const start = initial === null ? null : at.map((row) => initial[row]!);
      return {
        feeds: { ...policy.feeds(), ...lossFeeds(runtime.ort, chosen, start) },
        into: { logprobs: null, ...Object.fromEntries(gradients) },
        take: (outputs) => {
          this.#adamW.add(Object.fromEntries(names.map((name) => [name, outputs[gradientName(name)]!])));
        },
      };
    });
    const scales = scalesAt(this.#updates + 1, this.#settings);
    const gradNorm = await this.#alone(() => this.#adamW.update(scales));
    this.#updates++;
    return { ...lossStatistics(rows, logprobs, initial, this.#settings), gradNorm };
  }

  /** While no session runs, so that none reads half of it. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const { runtime } = this.#trained;
    return withOrt(async () => {
      const done = await runtime.loss.guard(work);
      runtime.errors.throwIfAny();
      return done;
    });
  }
}
