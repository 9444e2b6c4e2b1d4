/** @file The whole loss of the fixture at any weights, with its gradient: what the trainer runs, seen from outside. */
import type { Objective } from "../../src/cat/grpo.ts";
import type { Feeds } from "../../src/engine/ort.ts";
import { type TrainRow, trainRows } from "../../src/train/batch.ts";
import { lossFeeds } from "../../src/train/loss-feeds.ts";
import { SequenceGraph } from "../../src/train/sequence-graph.ts";
import { lossStatistics } from "../../src/train/statistics.ts";
import { gradientName, logprobGraph, lossGraph } from "../../src/train/train-graph.ts";
import { batchOf, type Policy, SETTINGS } from "./fixture.ts";

export type Arrays = Readonly<Record<string, Float32Array>>;

export interface Loss {
  /** By the graph, in single precision. */
  readonly loss: number;
  /** From the graph's log-probabilities, in double precision. */
  readonly exact: number;
  /** By weight input. */
  readonly gradients: Arrays;
}

export interface WholeLoss {
  readonly rows: readonly TrainRow[];
  /** [rows][completion], under `initialPolicy`. */
  readonly initial: readonly Float32Array[];
  readonly objective: Objective;
  at(weights: Feeds): Promise<Loss>;
  release(): Promise<void>;
}

/** Ratios on both sides of the clipping range, none near its ends. Not on a GPU. */
export async function wholeLoss(policy: Policy): Promise<WholeLoss> {
  const { runtime, config, inputs } = policy;
  const objective: Objective = { clipRange: 0.2, klCoefficient: 0.3 };
  const start = policy.initialPolicy.feeds();
  const probe = await SequenceGraph.create(policy, logprobGraph(config, inputs), 4096);
  const rollouts = batchOf().flatMap((group) =>
    group.rollouts.map(({ tokenIds }) => ({ prompt: group.prompt, completion: tokenIds })),
  );
  const now = await probe.run(rollouts, () => ({ feeds: start, into: { logprobs: null } }));
  await probe.release();
  const shifts = [0.6, -0.02, 0.02, -0.6, 0];
  const old = now.map((row, i) => Array.from(row, (logprob, t) => logprob + shifts[(i + t) % shifts.length]!));
  const rows = trainRows(batchOf(old), SETTINGS.averaging);
  // As if the policy had already moved away from its start.
  const initial = rows.map(({ oldLogprobs }, i) =>
    Float32Array.from(oldLogprobs, (old, t) => old + Math.sin(2 * t + i)),
  );
  const graph = await SequenceGraph.create(policy, lossGraph(config, inputs, objective), 4096);
  const at = async (weights: Feeds): Promise<Loss> => {
    const found: Record<string, Float32Array> = {};
    let loss = 0;
    const logprobs = await graph.run(rows, (chosen, at) => ({
      feeds: {
        ...weights,
        ...lossFeeds(
          runtime.ort,
          chosen,
          at.map((row) => initial[row]!),
        ),
      },
      into: { logprobs: null, loss: null, ...Object.fromEntries(inputs.map(({ name }) => [gradientName(name), null])) },
      take: (outputs) => {
        loss += (outputs["loss"]!.data as Float32Array)[0]!;
        for (const { name } of inputs) {
          const part = outputs[gradientName(name)]!.data as Float32Array;
          const sum = found[name];
          found[name] = sum === undefined ? part : sum.map((value, i) => value + part[i]!);
        }
      },
    }));
    return { loss, exact: lossStatistics(rows, logprobs, initial, objective).loss, gradients: found };
  };
  return { rows, initial, objective, at, release: () => graph.release() };
}
