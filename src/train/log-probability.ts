/** @file The log-probability of one class in each row of logits, with its gradient: one-hot less softmax. Stable for any logits. */
import { multiply } from "./elementwise.ts";
import { isClass } from "./gather.ts";
import type { Graph, Value } from "./graph.ts";
import { reshape } from "./shapes.ts";

/** @param logits [n, classes] @param classes [n] int32 @returns [n] nats */
export function logProbabilities(graph: Graph, logits: Value, classes: Value): Value {
  const [n, count] = logits.shape;
  const [row, reduced] = [[n!, 1], { attributes: { keepdims: 1 } }];
  const p = graph.node("Softmax", [logits], logits.shape, { attributes: { axis: -1 } });
  // The likeliest class has probability 1 / Σ exp(z − max z), so that no exponential is computed twice.
  const last = graph.integers([1]);
  const largest = graph.node("ReduceMax", [logits, last], row, reduced);
  const likeliest = graph.node("Log", [graph.node("ReduceMax", [p, last], row, reduced)], row);
  const column = reshape(graph, classes, row);
  const own = graph.node("GatherElements", [logits, column], row, { attributes: { axis: 1 } });
  const y = graph.node("Add", [graph.node("Sub", [own, largest], row), likeliest], row);
  return graph.record(graph.node("Reshape", [y, graph.integers([-1])], [n!]), [logits], (g) => {
    const each = reshape(graph, g, row);
    const all = graph.constant(
      Int32Array.from({ length: Number(count) }, (_, i) => i),
      [Number(count)],
    );
    const here = graph.node("Where", [isClass(graph, classes, all), each, graph.scalar(0)], logits.shape);
    return [graph.node("Sub", [here, multiply(graph, p, each)], logits.shape)];
  });
}
