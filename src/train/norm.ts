/** @file RMSNorm (Zhang and Sennrich, arXiv 1910.07467, Eq. 4): y = w x / √(mean x² + ε), with its gradient. Forward is ONNX Runtime's fused operator. */
import { multiply } from "./elementwise.ts";
import type { Graph, Value } from "./graph.ts";
import { unbroadcast } from "./shapes.ts";

/** @param x [n, width] @param weight [width] */
export function rmsNorm(graph: Graph, x: Value, weight: Value, epsilon: number): Value {
  const [n, width] = x.shape;
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const y = graph.node("SimplifiedLayerNormalization", [x, weight], x.shape, { attributes });
  return graph.record(y, [x, weight], (g) => {
    const row = [n!, 1];
    const squares = graph.node("ReduceSumSquare", [x, graph.integers([1])], row, { attributes: { keepdims: 1 } });
    const mean = graph.node("Mul", [squares, graph.scalar(1 / Number(width))], row);
    const root = graph.node("Sqrt", [graph.node("Add", [mean, graph.scalar(epsilon)], row)], row);
    const scale = graph.node("Reciprocal", [root], row);
    const normal = multiply(graph, x, scale);
    const both = multiply(graph, g, normal);
    // dx = s (w g − x̂ mean(w g x̂)), with x̂ = s x; the mean is a product with w / width.
    const share = graph.node("Mul", [weight, graph.scalar(1 / Number(width))], [width!]);
    const column = graph.node("Reshape", [share, graph.integers([Number(width), 1])], [width!, 1]);
    const dot = graph.node("MatMul", [both, column], row);
    const straight = multiply(graph, g, weight);
    const inward = multiply(graph, normal, dot);
    const dx = multiply(graph, graph.node("Sub", [straight, inward], x.shape), scale);
    return [dx, unbroadcast(graph, both, weight.shape)];
  });
}
