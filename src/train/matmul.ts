/** @file Products of matrices with their gradients, by Gemm, which reads either factor turned; nothing is transposed for it. Leaves out batches (attention.ts). */
import type { Graph, Value } from "./graph.ts";
import { reshape } from "./shapes.ts";

interface Turned {
  readonly turnA?: boolean;
  readonly turnB?: boolean;
}

/** a b, of matrices; turned: with the transposed. @throws {RangeError} if they do not fit */
export function matmul(graph: Graph, a: Value, b: Value, { turnA = false, turnB = false }: Turned = {}): Value {
  const [rows, inner] = turnA ? a.shape.toReversed() : a.shape;
  const [same, columns] = turnB ? b.shape.toReversed() : b.shape;
  if (inner !== same) throw new RangeError(`matrices do not fit: [${a.shape.join()}] and [${b.shape.join()}]`);
  const attributes = { transA: Number(turnA), transB: Number(turnB) };
  const y = graph.node("Gemm", [a, b], [rows!, columns!], { attributes });
  return graph.record(y, [a, b], (g) => [
    turnA ? matmul(graph, b, g, { turnA: turnB, turnB: true }) : matmul(graph, g, b, { turnB: !turnB }),
    turnB ? matmul(graph, g, a, { turnA: true, turnB: turnA }) : matmul(graph, a, g, { turnA: !turnA }),
  ]);
}

/** Σ aᵢ bᵢ. @param a [n] @param b [n] @returns one number */
export function dot(graph: Graph, a: Value, b: Value): Value {
  const n = a.shape[0]!;
  return reshape(graph, matmul(graph, reshape(graph, a, [1, n]), reshape(graph, b, [n, 1])), []);
}
