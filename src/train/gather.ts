/** @file Rows and columns taken out of a matrix, with their gradients. No scattering with atomics: the same sums in the same order each time. */
import type { Graph, Value } from "./graph.ts";
import { matmul } from "./matmul.ts";
import { reshape } from "./shapes.ts";

/** Is this, [n], that class? @returns [n, classes], for `Where` */
export function isClass(graph: Graph, ids: Value, classes: number): Value {
  const [n] = ids.shape;
  const range = graph.constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [1, classes],
  );
  return graph.node("Equal", [reshape(graph, ids, [n!, 1]), range], [n!, classes], { type: "bool" });
}

/**
 * A row for each id; an id may come again.
 * @param table [classes, width] @param ids [n] int32 @returns [n, width]
 */
export function embed(graph: Graph, table: Value, ids: Value): Value {
  const [classes, width] = table.shape;
  const y = graph.node("Gather", [table, ids], [ids.shape[0]!, width!], { attributes: { axis: 0 } });
  return graph.record(y, [table], (g) => {
    const oneHot = graph.node(
      "Where",
      [isClass(graph, ids, Number(classes)), graph.scalar(1), graph.scalar(0)],
      [ids.shape[0]!, classes!],
    );
    return [matmul(graph, oneHot, g, { turnA: true })];
  });
}

/**
 * Some rows, none of them twice.
 * @param x [n, width] @param rows [picked] int32
 * @param places [n] int32: where each row of `x` went; [picked] if nowhere
 * @returns [picked, width]
 */
export function pickRows(graph: Graph, x: Value, rows: Value, places: Value): Value {
  const [n, width] = x.shape;
  const y = graph.node("Gather", [x, rows], [rows.shape[0]!, width!], { attributes: { axis: 0 } });
  return graph.record(y, [x], (g) => {
    const nowhere = graph.constant(new Float32Array(Number(width)), [1, Number(width)]);
    const found = graph.node("Concat", [g, nowhere], [`${rows.shape[0]!}+1`, width!], { attributes: { axis: 0 } });
    return [graph.node("Gather", [found, places], [n!, width!], { attributes: { axis: 0 } })];
  });
}

/** Neighbouring columns. @param x [n, all] @returns [n, width] */
export function columns(graph: Graph, x: Value, start: number, width: number): Value {
  const [n, all] = x.shape;
  const end = start + width;
  const bounds = [[start], [end], [1]].map((numbers) => graph.integers(numbers));
  const y = graph.node("Slice", [x, ...bounds], [n!, width]);
  return graph.record(y, [x], (g) => {
    return [graph.node("Pad", [g, graph.integers([0, start, 0, Number(all) - end])], [n!, all!])];
  });
}
