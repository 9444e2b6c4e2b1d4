/**
 * @file Causal attention with grouped keys (Ainslie et al., arXiv 2305.13245) with its gradient. Backward as in FlashAttention-2 (Dao, arXiv
 * 2307.08691, §2.3.2): the sum over dP ∘ P is that over dO ∘ O, which is narrower. Differences: (1) the probabilities are kept, not computed
 * again; (2) heads of one group stand below each other, so that their keys are never repeated. Leaves out turning by positions (rotary.ts).
 */
import type { Dim, Graph, Shape, Value } from "./graph.ts";
import { reshape } from "./shapes.ts";

export interface Heads {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
}

interface Attended {
  /** [tokens, heads × head size]; `rows` rows of `length` tokens one after the other. */
  readonly queries: Value;
  /** [tokens, kvHeads × head size], as the values. */
  readonly keys: Value;
  readonly values: Value;
  /** [queries, length], with queries = length × heads / kvHeads: 0 where a query may look, else far below. */
  readonly mask: Value;
}

/** @returns [tokens, heads × head size] */
export function attend(graph: Graph, { queries, keys, values, mask }: Attended, size: Heads): Value {
  const { heads, kvHeads, headSize } = size;
  const group = heads / kvHeads;
  const scale = graph.scalar(headSize ** -0.5);
  const split = (x: Value, shared: number): Value => splitHeads(graph, x, [kvHeads, shared, headSize]);
  const product = (a: Value, b: Value): Value =>
    graph.node("MatMul", [a, b], [...a.shape.slice(0, -1), b.shape.at(-1)!]);

  const q = split(graph.node("Mul", [queries, scale], queries.shape), group);
  const [k, v] = [split(keys, 1), split(values, 1)];
  const scores = product(q, turned(graph, k));
  const masked = graph.node("Add", [scores, mask], scores.shape);
  const p = graph.node("Softmax", [masked], scores.shape, { attributes: { axis: -1 } });
  const o = product(p, v);
  return graph.record(joinHeads(graph, o, queries.shape, group), [queries, keys, values], (g) => {
    const go = split(g, group);
    const along = [...o.shape.slice(0, -1), 1];
    const overlap = graph.node("Mul", [go, o], o.shape);
    const sums = graph.node("ReduceSum", [overlap, graph.integers([3])], along, { attributes: { keepdims: 1 } });
    const gp = product(go, turned(graph, v));
    const gs = graph.node("Mul", [p, graph.node("Sub", [gp, sums], p.shape)], p.shape);
    const gq = joinHeads(graph, product(gs, k), queries.shape, group);
    // From the left, since turning queries is cheap and turning scores is not.
    const gk = joinTurned(graph, product(turned(graph, q), gs), keys.shape);
    const gv = joinTurned(graph, product(turned(graph, go), p), values.shape);
    return [graph.node("Mul", [gq, scale], queries.shape), gk, gv];
  });
}

/** [tokens, …] to [rows, kvHeads, tokens of a row for each head of the group, head size] */
function splitHeads(graph: Graph, x: Value, [kvHeads, group, headSize]: readonly [number, number, number]): Value {
  if (group === 1) {
    const apart = reshape(graph, x, ["rows", "length", kvHeads, headSize]);
    return transpose(graph, apart, [0, 2, 1, 3]);
  }
  const apart = reshape(graph, x, ["rows", "length", kvHeads, group, headSize]);
  return reshape(graph, transpose(graph, apart, [0, 2, 3, 1, 4]), ["rows", kvHeads, "queries", headSize]);
}

function joinHeads(graph: Graph, x: Value, shape: Shape, group: number): Value {
  const [, kvHeads, , headSize] = x.shape;
  if (group === 1) return reshape(graph, transpose(graph, x, [0, 2, 1, 3]), shape);
  const apart = reshape(graph, x, ["rows", kvHeads!, group, "length", headSize!]);
  return reshape(graph, transpose(graph, apart, [0, 3, 1, 2, 4]), shape);
}

/** [rows, kvHeads, head size, length] to [tokens, …] */
function joinTurned(graph: Graph, x: Value, shape: Shape): Value {
  return reshape(graph, transpose(graph, x, [0, 3, 1, 2]), shape);
}

function turned(graph: Graph, x: Value): Value {
  return transpose(graph, x, [0, 1, 3, 2]);
}

function transpose(graph: Graph, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis): Dim => x.shape[axis]!);
  return graph.node("Transpose", [x], shape, { attributes: { perm } });
}

/** Numbers of {@link Attended.mask}. @param group heads / kvHeads */
export function causalMask(length: number, group: number): Float32Array {
  const mask = new Float32Array(length * group * length);
  for (let query = 0; query < length * group; query++) {
    // Finite, so that no sum with it can be no number.
    mask.fill(-1e30, query * length + (query % length) + 1, (query + 1) * length);
  }
  return mask;
}
