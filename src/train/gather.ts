/** @file Rows and columns taken out of a matrix, with their gradients. No scattering with atomics: the same sums in the same order each time. */
import type { Graph, Value } from "./graph.ts";
import { matmul } from "./matmul.ts";
import { reshape } from "./shapes.ts";

/** Is this, [n], that class, [classes]? @returns [n, classes], for `Where` */
export function isClass(graph: Graph, ids: Value, classes: Value): Value {
  const [n, count] = [ids.shape[0]!, classes.shape[0]!];
  const [column, row] = [reshape(graph, ids, [n, 1]), reshape(graph, classes, [1, count])];
  return graph.node("Equal", [column, row], [n, count], { type: "bool" });
}

/** Which of the classes come at all: of a vocabulary few do, and gradients are summed over those alone. */
export interface Distinct {
  /** [distinct] int32 */
  readonly classes: Value;
  /** [classes of the table] int32: where each is among them; [distinct] if nowhere. */
  readonly places: Value;
}

/**
 * A row for each id; an id may come again.
 * @param table [classes, width] @param ids [n] int32 @returns [n, width]
 */
export function embed(graph: Graph, table: Value, ids: Value, distinct: Distinct): Value {
  const n = ids.shape[0]!;
  const y = graph.node("Gather", [table, ids], [n, table.shape[1]!], { attributes: { axis: 0 } });
  return graph.record(y, [table], (g) => {
    const own = isClass(graph, ids, distinct.classes);
    const oneHot = graph.node("Where", [own, graph.scalar(1), graph.scalar(0)], own.shape);
    return [placed(graph, matmul(graph, oneHot, g, { turnA: true }), distinct.places)];
  });
}

/**
 * Some rows, none of them twice.
 * @param x [n, width] @param rows [picked] int32
 * @param places [n] int32: where each row of `x` went; [picked] if nowhere
 * @returns [picked, width]
 */
export function pickRows(graph: Graph, x: Value, rows: Value, places: Value): Value {
  const y = graph.node("Gather", [x, rows], [rows.shape[0]!, x.shape[1]!], { attributes: { axis: 0 } });
  return graph.record(y, [x], (g) => [placed(graph, g, places)]);
}

/** The row of each place; zeros behind the last. */
function placed(graph: Graph, rows: Value, places: Value): Value {
  const [count, width] = rows.shape;
  const nothing = graph.constant(new Float32Array(Number(width)), [1, Number(width)]);
  const more = graph.node("Concat", [rows, nothing], [`${count!}+1`, width!], { attributes: { axis: 0 } });
  return graph.node("Gather", [more, places], [places.shape[0]!, width!], { attributes: { axis: 0 } });
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
