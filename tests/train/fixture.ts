/** @file The random Llama as a policy to be trained, with a batch of made-up rollouts: the same in Node and in a page. */
import { weightFile } from "../../src/engine/load-decoder.ts";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import type { TrainGroup } from "../../src/train/batch.ts";
import { readLlamaConfig } from "../../src/train/llama-config.ts";
import type { GrpoSettings, Trained } from "../../src/train/trainer.ts";
import { randomLlama } from "../engine/random-llama.ts";

export interface Policy extends Trained {
  readonly graph: RenewableGraph;
  readonly initialPolicy: WeightSet;
  dispose(): Promise<void>;
}

export const SETTINGS: GrpoSettings = {
  clipRange: 0.2,
  klCoefficient: 0.05,
  averaging: "sequence-mean",
  epochs: 2,
  tokensPerRun: 256,
  learningRate: 1e-3,
  warmupUpdates: 2,
  decayUpdates: null,
  weightDecay: 0.01,
  maxGradNorm: 1,
};

export async function openPolicy(runtime: Runtime, files: ModelFiles = fixtureFiles()): Promise<Policy> {
  const graph = await RenewableGraph.create(runtime, files, {
    weights: "inputs",
    reload: () => Promise.resolve(files),
  });
  const config = readLlamaConfig(JSON.parse(new TextDecoder().decode(files.bytes.get("config.json"))));
  const inputs = graph.weightInputs;
  const [policy, initialPolicy] = [
    await WeightSet.create(runtime, inputs, weightFile(files)),
    await WeightSet.create(runtime, inputs, weightFile(files)),
  ];
  const dispose = async (): Promise<void> => {
    policy.dispose();
    initialPolicy.dispose();
    await graph.dispose();
  };
  return { runtime, graph, config, inputs, policy, initialPolicy, dispose };
}

/** With norms that are not all ones. */
export function fixtureFiles(): ModelFiles {
  return randomLlama({ salt: "train" });
}

/** Two groups with spread and one without, answers of unlike lengths, one of them unrewarded. Log-probabilities are about those of the policy. */
export function batchOf(logprobs: readonly (readonly number[])[] = []): TrainGroup[] {
  const rewards = [
    [1, 0, null, 0.5],
    [0, 1],
    [0.5, 0.5],
  ];
  let made = 0;
  return rewards.map((group, g) => ({
    prompt: tokens(5 + 3 * g, g),
    rewards: group,
    rollouts: group.map((_, i) => {
      const tokenIds = tokens(2 + ((3 * i + g) % 5), 10 * g + i + 3);
      const old = logprobs[made++] ?? tokenIds.map((_id, t) => -5 + Math.sin(3 * t + i));
      return { tokenIds, logprobs: old, entropies: tokenIds.map(() => 1.5) };
    }),
  }));
}

function tokens(length: number, salt: number): number[] {
  return Array.from({ length }, (_, i) => (37 * (i + 1) * (salt + 2) + 11 * salt) % 259);
}
