/** @file The two graphs of training, from one description: log-probabilities alone, and with the loss and its gradients. Leaves out running them. */
import type { Objective } from "../cat/grpo.ts";
import type { WeightInput } from "../engine/weight-source.ts";
import { gradients } from "./backward.ts";
import { type FinishedGraph, Graph } from "./graph.ts";
import { grpoLoss } from "./grpo-loss.ts";
import { llama } from "./llama.ts";
import type { LlamaConfig } from "./llama-config.ts";

/** Outputs `logprobs`. @throws {ModelError} `model-unsupported` */
export function logprobGraph(config: LlamaConfig, inputs: readonly WeightInput[]): FinishedGraph {
  const graph = new Graph();
  graph.output("logprobs", llama(graph, config, inputs).logprobs);
  return graph.finish();
}

/** Outputs `logprobs`, `loss`, and for each weight its {@link gradientName}. @throws {ModelError} `model-unsupported` */
export function lossGraph(config: LlamaConfig, inputs: readonly WeightInput[], objective: Objective): FinishedGraph {
  const graph = new Graph();
  const { parameters, logprobs } = llama(graph, config, inputs);
  const loss = grpoLoss(graph, logprobs, objective);
  const found = gradients(graph, loss, [...parameters.values()]);
  graph.output("logprobs", logprobs);
  graph.output("loss", loss);
  for (const [i, name] of [...parameters.keys()].entries()) graph.output(gradientName(name), found[i]!);
  return graph.finish();
}

export function gradientName(weight: string): string {
  return `gradient of ${weight}`;
}
