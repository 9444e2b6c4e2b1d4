/**
 * @file Reverse-mode differentiation (Griewank and Walther, "Evaluating Derivatives", 2008, §3.2) of what a graph has recorded, into the same
 * graph. Leaves out what is not needed: the graph drops it when it is finished.
 */
import { add } from "./elementwise.ts";
import type { Graph, Value } from "./graph.ts";

/**
 * @param loss one number
 * @returns the gradient of the loss with respect to each of `of`, in its shape
 * @throws {RangeError} if the loss does not depend on one of them
 */
export function gradients(graph: Graph, loss: Value, of: readonly Value[]): Value[] {
  const found = new Map([[loss.name, graph.scalar(1)]]);
  // Pullbacks record what they compute, too; those are not part of the loss.
  for (const { output, inputs, pullback } of graph.tape.toReversed()) {
    const gradient = found.get(output.name);
    if (gradient === undefined) continue;
    for (const [i, part] of pullback(gradient).entries()) {
      if (part === null) continue;
      const { name } = inputs[i]!;
      const before = found.get(name);
      found.set(name, before === undefined ? part : add(graph, before, part));
    }
  }
  return of.map(({ name }) => {
    const gradient = found.get(name);
    if (gradient === undefined) throw new RangeError(`the loss does not depend on ${name}`);
    return gradient;
  });
}
