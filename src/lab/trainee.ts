/**
 * @file A policy that learns, the same weights as they were at the start, and the trainer, on one device: both models run one graph, each under a
 * set of weights of its own, and the trainer changes the policy's in place. Leaves out what is learnt from (train/cat-rl.ts).
 */
import type { LanguageModel, ModelRecord, Sampling } from "../cat/models.ts";
import { type ModelEntry, OnnxLanguageModel } from "../engine/language-model.ts";
import { weightFile } from "../engine/load-decoder.ts";
import { type ModelFiles, readJson } from "../engine/model-files.ts";
import { RenewableGraph } from "../engine/renewable-graph.ts";
import type { Runtime } from "../engine/runtime.ts";
import { selfTest } from "../engine/self-test.ts";
import { Session } from "../engine/session.ts";
import { Tokenizer } from "../engine/tokenizer.ts";
import { WeightSet } from "../engine/weight-set.ts";
import { type WeightInput, weightSize } from "../engine/weight-source.ts";
import { readGeneration } from "../models/generation.ts";
import { readLlamaConfig } from "../train/llama-config.ts";
import { writeOptimizerFile } from "../train/optimizer-file.ts";
import { type Checkpoint, type GrpoSettings, GrpoTrainer } from "../train/trainer.ts";

export interface Trainee {
  readonly policy: LanguageModel;
  readonly initialPolicy: LanguageModel;
  readonly trainer: GrpoTrainer;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly encode: (rendered: string) => number[];
  /** @param checkpoint without an optimizer, as of a policy that was loaded, nothing is remembered @throws {ModelError} `file-damaged`, `device-lost` */
  restore(checkpoint: RestoredCheckpoint): Promise<void>;
  /** Frees everything but the runtime. */
  dispose(): Promise<void>;
}

type RestoredCheckpoint = Pick<Checkpoint, "weights"> & { readonly optimizer: Uint8Array | null };

/**
 * @param files with model.safetensors; kept, since a new device needs the graph again
 * @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported`, `out-of-memory`, `device-lost`, `self-test-failed`
 */
export async function createTrainee(
  runtime: Runtime,
  files: ModelFiles,
  entry: ModelEntry,
  settings: GrpoSettings,
): Promise<Trainee> {
  const config = readLlamaConfig(readJson(files, "config.json"));
  const tokenizer = new Tokenizer(files);
  const started: { dispose(): unknown }[] = [];
  const dispose = async (): Promise<void> => {
    for (const part of started.reverse()) await part.dispose();
  };
  const keep = <T extends { dispose(): unknown }>(part: T): T => {
    started.push(part);
    return part;
  };
  try {
    const graph = keep(
      await RenewableGraph.create(runtime, files, {
        weights: "inputs",
        // The weights are lost with the device, but what else is on it must not be lost with them.
        reload: () => Promise.resolve(files),
      }),
    );
    const weights = async () => keep(await WeightSet.create(runtime, graph.weightInputs, weightFile(files)));
    const [start, now] = [await weights(), await weights()];
    await selfTest(Session.withWeights(graph, start), tokenizer, entry.selfTest);
    const model = (set: WeightSet, record: ModelRecord): OnnxLanguageModel =>
      new OnnxLanguageModel(
        { session: Session.withWeights(graph, set), tokenizer, contextLength: entry.contextLength },
        entry,
        record,
      );
    const placed = { runtime, config, inputs: graph.weightInputs, policy: now, initialPolicy: start };
    const trainer = keep(await GrpoTrainer.create(placed, settings));
    const record = { revision: entry.revision, dtype: "fp32", device: runtime.device, files: files.records };
    return {
      policy: model(now, { id: `${entry.id} in training`, ...record }),
      initialPolicy: model(start, { id: entry.id, ...record }),
      trainer,
      ...readGeneration(files),
      encode: (rendered) => tokenizer.encode(rendered),
      restore: ({ weights: saved, optimizer }) =>
        trainer.restore({ weights: saved, optimizer: optimizer ?? nothingRemembered(graph.weightInputs) }),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function nothingRemembered(inputs: readonly WeightInput[]): Uint8Array {
  const zeros = (): Record<string, Float32Array> =>
    Object.fromEntries(inputs.map((input) => [input.name, new Float32Array(weightSize(input))]));
  return writeOptimizerFile({ updates: 0, moments: { first: zeros(), second: zeros() } }, inputs);
}
