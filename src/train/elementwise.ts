/** @file Operators that take numbers one by one, stretched to a common shape, with their gradients. Leaves out sums (shapes.ts). */
import type { Graph, Value } from "./graph.ts";
import { broadcast, unbroadcast } from "./shapes.ts";

export function add(graph: Graph, a: Value, b: Value): Value {
  const y = graph.node("Add", [a, b], broadcast(a.shape, b.shape));
  return graph.record(y, [a, b], (g) => [unbroadcast(graph, g, a.shape), unbroadcast(graph, g, b.shape)]);
}

export function subtract(graph: Graph, a: Value, b: Value): Value {
  const y = graph.node("Sub", [a, b], broadcast(a.shape, b.shape));
  return graph.record(y, [a, b], (g) => {
    return [unbroadcast(graph, g, a.shape), unbroadcast(graph, negate(graph, g), b.shape)];
  });
}

export function multiply(graph: Graph, a: Value, b: Value): Value {
  const y = graph.node("Mul", [a, b], broadcast(a.shape, b.shape));
  return graph.record(y, [a, b], (g) => [
    unbroadcast(graph, multiply(graph, g, b), a.shape),
    unbroadcast(graph, multiply(graph, g, a), b.shape),
  ]);
}

export function negate(graph: Graph, x: Value): Value {
  return graph.record(graph.node("Neg", [x], x.shape), [x], (g) => [negate(graph, g)]);
}

export function exponential(graph: Graph, x: Value): Value {
  const y = graph.node("Exp", [x], x.shape);
  return graph.record(y, [x], (g) => [multiply(graph, g, y)]);
}

/** x · sigmoid(x) (Elfwing et al., arXiv 1702.03118). */
export function silu(graph: Graph, x: Value): Value {
  const sigmoid = graph.node("Sigmoid", [x], x.shape);
  const y = graph.node("Mul", [x, sigmoid], x.shape);
  return graph.record(y, [x], (g) => {
    // σ + y (1 − σ)
    const rest = graph.node("Mul", [y, graph.node("Sub", [graph.scalar(1), sigmoid], x.shape)], x.shape);
    return [multiply(graph, g, graph.node("Add", [sigmoid, rest], x.shape))];
  });
}

/** Nothing comes back from where `x` is outside; the bounds are inside. */
export function clip(graph: Graph, x: Value, low: number, high: number): Value {
  const y = graph.node("Clip", [x, graph.scalar(low), graph.scalar(high)], x.shape);
  const inside = graph.node("Equal", [x, y], x.shape, { type: "bool" });
  return graph.record(y, [x], (g) => [graph.node("Where", [inside, g, graph.scalar(0)], x.shape)]);
}

/** Of two values of one shape; where they are equal, the gradient goes to `a`. */
export function minimum(graph: Graph, a: Value, b: Value): Value {
  const first = graph.node("LessOrEqual", [a, b], a.shape, { type: "bool" });
  const zero = graph.scalar(0);
  const y = graph.node("Where", [first, a, b], a.shape);
  return graph.record(y, [a, b], (g) => [
    graph.node("Where", [first, g, zero], a.shape),
    graph.node("Where", [first, zero, g], a.shape),
  ]);
}
