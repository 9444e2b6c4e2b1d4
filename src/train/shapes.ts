/** @file Arithmetic of shapes: which fit together, which axes were stretched, the same numbers in another shape. Leaves out the numbers. */
import type { Dim, Graph, Shape, Value } from "./graph.ts";

/** As NumPy stretches them. @throws {RangeError} if they do not fit */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis): Dim => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`shapes do not fit: [${a.join()}] and [${b.join()}]`);
    return x === 1 ? y : x;
  });
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Sums a gradient over the axes along which its value was stretched. */
export function unbroadcast(graph: Graph, gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const more = gradient.shape.length - shape.length;
  const isStretched = (dim: Dim, axis: number): boolean => axis < more || (shape[axis - more] === 1 && dim !== 1);
  const axes = gradient.shape.flatMap((dim, axis) => (isStretched(dim, axis) ? [axis] : []));
  const kept = gradient.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const sum = graph.node("ReduceSum", [gradient, graph.integers(axes)], kept, { attributes: { keepdims: 1 } });
  return reshape(graph, sum, shape);
}

/** The same numbers in the same order. Whoever calls knows that there are as many. */
export function reshape(graph: Graph, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const y = graph.node("Reshape", [x, graph.shape(shape)], shape, { type: x.type });
  return graph.record(y, [x], (gradient) => [reshape(graph, gradient, x.shape)]);
}
