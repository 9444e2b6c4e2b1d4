/**
 * @file Rotary position embedding (Su et al., arXiv 2104.09864, §3.2.2, with halves as pairs, as Llama has them), by ONNX Runtime's operator. Its
 * gradient is the turn back. Positions count from 0 in each row.
 */
import type { Graph, Value } from "./graph.ts";
import { reshape } from "./shapes.ts";

/** Angles of a row's positions, [length, head size / 2] each. */
interface Angles {
  readonly cos: Value;
  readonly sin: Value;
}

/** @param x [tokens, heads × head size]: `rows` rows of `length` tokens one after the other */
export function rotate(graph: Graph, x: Value, { cos, sin }: Angles): Value {
  const width = x.shape[1]!;
  const turned = (value: Value, by: Value): Value => {
    const start = graph.integers([0]);
    const wide = reshape(graph, value, ["rows", "length", width]);
    return graph.node("Microsoft.RotaryEmbedding", [wide, start, cos, by], wide.shape);
  };
  const y = reshape(graph, turned(x, sin), x.shape);
  return graph.record(y, [x], (g) => {
    return [reshape(graph, turned(g, graph.node("Neg", [sin], sin.shape)), x.shape)];
  });
}

/** Numbers of {@link Angles}. */
export function angles(length: number, headSize: number, theta: number): { cos: Float32Array; sin: Float32Array } {
  const half = headSize / 2;
  const angle = (i: number): number => Math.floor(i / half) * theta ** (-(i % half) / half);
  const table = (f: (angle: number) => number): Float32Array =>
    Float32Array.from({ length: length * half }, (_, i) => f(angle(i)));
  return { cos: table(Math.cos), sin: table(Math.sin) };
}
