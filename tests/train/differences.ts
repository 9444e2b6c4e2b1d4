/** @file Gradients of small graphs against central differences, on ONNX Runtime in Node. */
import { OrtSession } from "../../src/engine/ort.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { gradients } from "../../src/train/backward.ts";
import { Graph, type Value } from "../../src/train/graph.ts";
import { dot } from "../../src/train/matmul.ts";
import { reshape } from "../../src/train/shapes.ts";

export interface Point {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const runtime = await nodeRuntime();

/** Ever the same numbers, about −1 to 1, unlike for unlike `salt`. */
export function numbers(length: number, salt: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * (salt + 1)) * 0.9);
}

/**
 * A sum of what an operator gives, each number times its own factor, changed along one direction in all inputs at once.
 * @param points at which each differentiable input stands
 * @param build the operator
 * @param sizes of open dimensions
 * @returns the slope by the gradient and by differences, and the gradient's length times the direction's
 */
export async function slopes(
  points: readonly Point[],
  build: (graph: Graph, inputs: readonly Value[]) => Value,
  sizes: Readonly<Record<string, number>> = {},
): Promise<{ slope: number; difference: number; scale: number }> {
  const graph = new Graph();
  const inputs = points.map(({ shape }, i) => graph.input(`x${i}`, shape));
  const y = build(graph, inputs);
  const size = y.shape.reduce<number>((product, dim) => product * lengthOf(dim, sizes), 1);
  const loss = dot(graph, reshape(graph, y, [size]), graph.constant(numbers(size, 99), [size]));
  graph.output("loss", loss);
  for (const [i, gradient] of gradients(graph, loss, inputs).entries()) graph.output(`g${i}`, gradient);
  const { model, shapes } = graph.finish();
  const session = await OrtSession.create(runtime, model);
  const { Tensor } = runtime.ort;
  const directions = points.map(({ data }, i) => numbers(data.length, 7 + i));
  const open = Object.fromEntries(
    [...shapes].map(([name, shape]) => {
      const dims = shape.map((dim) => BigInt(lengthOf(dim, sizes)));
      return [name, new Tensor("int64", BigInt64Array.from(dims), [dims.length])];
    }),
  );
  const at = (step: number) => {
    const feeds = points.map(({ shape, data }, i) => {
      const moved = data.map((value, j) => value + step * directions[i]![j]!);
      return [`x${i}`, new Tensor("float32", moved, shape)] as const;
    });
    return session.run({ ...open, ...Object.fromEntries(feeds) });
  };
  const lossAt = async (step: number): Promise<number> => ((await at(step))["loss"]!.data as Float32Array)[0]!;
  const outputs = await at(0);
  let [slope, squares] = [0, 0];
  for (const [i, direction] of directions.entries()) {
    const gradient = outputs[`g${i}`]!.data as Float32Array;
    if (gradient.length !== direction.length) throw new RangeError(`gradient ${i} has ${gradient.length} numbers`);
    for (const [j, value] of gradient.entries()) {
      slope += value * direction[j]!;
      squares += value * value;
    }
  }
  const difference = await differences(lossAt);
  await session.release();
  const length = Math.sqrt(directions.reduce((sum, all) => all.reduce((part, value) => part + value * value, sum), 0));
  return { slope, difference, scale: Math.sqrt(squares) * length };
}

/** Central, of fourth order: in single precision a small step would measure rounding. */
export async function differences(at: (step: number) => Promise<number>, step = 0.04): Promise<number> {
  const near = (await at(step)) - (await at(-step));
  const far = (await at(2 * step)) - (await at(-2 * step));
  return (8 * near - far) / (12 * step);
}

function lengthOf(dim: number | string, sizes: Readonly<Record<string, number>>): number {
  return typeof dim === "number" ? dim : sizes[dim]!;
}
