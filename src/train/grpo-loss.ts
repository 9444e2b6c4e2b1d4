/**
 * @file GRPO's loss over chosen tokens (Shao et al., "DeepSeekMath", arXiv 2402.03300, §4.1, Eq. 3 and 4), in a graph:
 *
 *   loss = −Σₜ wₜ ( min(ρₜ Aₜ, clip(ρₜ, 1 − ε, 1 + ε) Aₜ) − β kₜ ),   ρₜ = πθ(t) / πold(t),   kₜ = π₀(t) / πθ(t) − log (π₀(t) / πθ(t)) − 1
 *
 * Differences: (1) the weights wₜ say how tokens are averaged, over a whole batch (batch.ts), so that losses of its parts add up; (2) π₀ is
 * the policy's start, `initialPolicy`; with β = 0 it is not asked. The same in numbers: src/cat/grpo.ts.
 */
import type { Objective } from "../cat/grpo.ts";
import { add, clip, exponential, minimum, multiply, negate, subtract } from "./elementwise.ts";
import type { Graph, Value } from "./graph.ts";
import { dot } from "./matmul.ts";

/** @param logprobs [picked] of πθ @returns one number */
export function grpoLoss(graph: Graph, logprobs: Value, { clipRange, klCoefficient }: Objective): Value {
  const each = (name: string): Value => graph.input(name, logprobs.shape);
  const ratio = exponential(graph, subtract(graph, logprobs, each("oldLogprobs")));
  const advantages = each("advantages");
  const free = multiply(graph, ratio, advantages);
  const clipped = multiply(graph, clip(graph, ratio, 1 - clipRange, 1 + clipRange), advantages);
  let objective = minimum(graph, free, clipped);
  if (klCoefficient !== 0) {
    const away = subtract(graph, each("initialLogprobs"), logprobs);
    const k3 = subtract(graph, subtract(graph, exponential(graph, away), away), graph.scalar(1));
    objective = add(graph, objective, multiply(graph, k3, graph.scalar(-klCoefficient)));
  }
  return negate(graph, dot(graph, objective, each("weights")));
}
