/** @file The training step that `bench train` times, on any device: an embedded policy, a made-up batch of rows of one length. */
import { weightFile } from "../../src/engine/load-decoder.ts";
import { type ModelFiles, readJson } from "../../src/engine/model-files.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import type { TrainGroup } from "../../src/train/batch.ts";
import { readLlamaConfig } from "../../src/train/llama-config.ts";
import { type GrpoSettings, GrpoTrainer } from "../../src/train/trainer.ts";

export interface TrainRequest {
  readonly device: "wasm" | "webgpu" | "node";
  readonly batch: number;
  readonly tokens: number;
  readonly pairs: number;
}

/** Whose policy takes the step. */
export const TRAINED_DOMAIN = "sums";

/** Of each pair, milliseconds. */
export interface TrainTimes {
  readonly threads: number;
  readonly ours: readonly number[];
  /** `null` where there is no such device for it. */
  readonly jaxjs: readonly number[] | null;
}

/** Without a KL coefficient: the forward pass of `initialPolicy` would be ours alone. */
export function benchSettings(): GrpoSettings {
  return {
    ...{ clipRange: 0.2, klCoefficient: 0, averaging: "sequence-mean", epochs: 1, tokensPerRun: 2048 },
    ...{ learningRate: 1e-5, warmupUpdates: 0, decayUpdates: null, weightDecay: 0.01, maxGradNorm: 1 },
  };
}

/** Two groups. A third of each row is prompt; rows are as long as asked, without padding. */
function benchGroups({ batch, tokens }: TrainRequest, vocabulary: number): TrainGroup[] {
  // Eight answers to a problem have 22 to 190 distinct tokens (public/recorded).
  const distinct = Math.min(256, vocabulary);
  const text = (length: number, salt: number): number[] =>
    Array.from({ length }, (_, i) => (7919 * (i + 1) * (salt + 1)) % distinct);
  const prompt = Math.ceil(tokens / 3);
  const sizes = [Math.ceil(batch / 2), Math.floor(batch / 2)];
  return sizes.map((size, g) => ({
    prompt: text(prompt, g),
    rewards: Array.from({ length: size }, (_, i) => i % 2),
    rollouts: Array.from({ length: size }, (_, i) => {
      const tokenIds = text(tokens + 1 - prompt, g * batch + i + 2);
      return { tokenIds, logprobs: tokenIds.map(() => -8), entropies: tokenIds.map(() => 1) };
    }),
  }));
}

export async function openBenchTrainer(runtime: Runtime, files: ModelFiles, request: TrainRequest) {
  const graph = await RenewableGraph.create(runtime, files, { weights: "inputs", reload: null });
  const inputs = graph.weightInputs;
  await graph.dispose();
  const config = readLlamaConfig(readJson(files, "config.json"));
  const policy = await WeightSet.create(runtime, inputs, weightFile(files));
  const trained = { runtime, config, inputs, policy, initialPolicy: null };
  const trainer = await GrpoTrainer.create(trained, benchSettings());
  const vocabulary = inputs.find(({ name }) => name === "model.embed_tokens.weight")!.dims[0]!;
  return { trainer, config, inputs, policy, groups: benchGroups(request, vocabulary) };
}
