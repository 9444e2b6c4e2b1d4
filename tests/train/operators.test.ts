/** @file Every operator's gradient against central differences, for random shapes and numbers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { attend, causalMask } from "../../src/train/attention.ts";
import { add, clip, exponential, minimum, multiply, negate, silu, subtract } from "../../src/train/elementwise.ts";
import { columns, embed, pickRows } from "../../src/train/gather.ts";
import type { Graph, Value } from "../../src/train/graph.ts";
import { logProbabilities } from "../../src/train/log-probability.ts";
import { dot, matmul } from "../../src/train/matmul.ts";
import { rmsNorm } from "../../src/train/norm.ts";
import { angles, rotate } from "../../src/train/rotary.ts";
import { numbers, type Point, slopes } from "./differences.ts";

interface Case {
  readonly points: readonly Point[];
  readonly build: (graph: Graph, inputs: readonly Value[]) => Value;
  readonly sizes?: Readonly<Record<string, number>>;
}

const size = fc.integer({ min: 1, max: 7 });
const salt = fc.nat(1000);

function point(shape: readonly number[], ofSalt: number): Point {
  return {
    shape,
    data: numbers(
      shape.reduce((product, dim) => product * dim, 1),
      ofSalt,
    ),
  };
}

/** Two shapes that stretch to one. */
const stretched = fc
  .tuple(size, size, size, salt)
  .chain(([a, b, c, s]) =>
    fc.constantFrom(
      [point([a, b, c], s), point([a, b, c], s + 1)],
      [point([a, 1, c], s), point([b, 1], s + 1)],
      [point([c], s), point([a, b, c], s + 1)],
      [point([], s), point([a, b], s + 1)],
    ),
  );

const both = (operator: (graph: Graph, a: Value, b: Value) => Value) =>
  stretched.map((points): Case => ({ points, build: (graph, [a, b]) => operator(graph, a!, b!) }));
const single = (operator: (graph: Graph, x: Value) => Value) =>
  fc
    .tuple(size, size, salt)
    .map(([a, b, s]): Case => ({ points: [point([a, b], s)], build: (graph, [x]) => operator(graph, x!) }));

/** Numbers that stay on their side of ±0.5 and of each other wherever differences are taken. */
function apart(length: number, offset: number): Point {
  return { shape: [length], data: Float32Array.from({ length }, (_, i) => ((i * 3 + 2) % 5) - 1.9 + offset) };
}

const ints = (values: readonly number[]) => Int32Array.from(values);

const cases: Record<string, fc.Arbitrary<Case>> = {
  add: both(add),
  subtract: both(subtract),
  multiply: both(multiply),
  negate: single(negate),
  exponential: single(exponential),
  silu: single(silu),
  clip: size.map((n) => ({ points: [apart(n, 0)], build: (graph, [x]) => clip(graph, x!, -0.5, 0.5) })),
  minimum: size.map((n) => ({
    points: [apart(n, 0), { shape: [n], data: apart(n, 0.5).data.toReversed() }],
    build: (graph, [a, b]) => minimum(graph, a!, b!),
  })),
  "a value that is used twice": single((graph, x) => multiply(graph, add(graph, x, silu(graph, x)), x)),
  matmul: fc.tuple(size, size, size, fc.boolean(), fc.boolean(), salt).map(([m, k, n, turnA, turnB, s]): Case => {
    const points = [point(turnA ? [k, m] : [m, k], s), point(turnB ? [n, k] : [k, n], s + 1)];
    return { points, build: (graph, [a, b]) => matmul(graph, a!, b!, { turnA, turnB }) };
  }),
  dot: fc.tuple(size, salt).map(([n, s]) => ({
    points: [point([n], s), point([n], s + 1)],
    build: (graph, [a, b]) => dot(graph, a!, b!),
  })),
  embed: fc
    .tuple(size, size, fc.array(fc.nat(6), { minLength: 1, maxLength: 9 }), salt)
    .map(([classes, width, ids, s]): Case => {
      const chosen = ints(ids.map((id) => id % classes));
      const distinct = [...new Set(chosen)];
      const where = Array.from({ length: classes }, (_, id) => distinct.indexOf(id));
      const places = ints(where.map((place) => (place < 0 ? distinct.length : place)));
      const build: Case["build"] = (graph, [x]) =>
        embed(graph, x!, graph.constant(chosen, [ids.length]), {
          classes: graph.constant(ints(distinct), [distinct.length]),
          places: graph.constant(places, [classes]),
        });
      return { points: [point([classes, width], s)], build };
    }),
  pickRows: fc.tuple(size, fc.uniqueArray(fc.nat(8), { minLength: 1 }), salt).map(([width, rows, s]): Case => {
    const places = ints(Array.from({ length: 9 }, (_, i) => (rows.includes(i) ? rows.indexOf(i) : rows.length)));
    const build: Case["build"] = (graph, [x]) =>
      pickRows(graph, x!, graph.constant(ints(rows), [rows.length]), graph.constant(places, [9]));
    return { points: [point([9, width], s)], build };
  }),
  columns: fc.tuple(size, size, size, size, salt).map(([n, before, width, after, s]): Case => {
    const points = [point([n, before + width + after], s)];
    return { points, build: (graph, [x]) => columns(graph, x!, before, width) };
  }),
  rmsNorm: fc.tuple(size, size, salt).map(([n, width, s]): Case => {
    const points = [point([n, width + 1], s), point([width + 1], s + 1)];
    return { points, build: (graph, [x, weight]) => rmsNorm(graph, x!, weight!, 0.1) };
  }),
  rotate: fc.tuple(size, size, size, salt).map(([rows, length, heads, s]): Case => {
    const table = angles(length, 8, 100);
    const build: Case["build"] = (graph, [x]) => {
      const [cos, sin] = [table.cos, table.sin].map((data) => graph.constant(data, [length, 4]));
      return rotate(graph, x!, { cos: cos!, sin: sin! });
    };
    return { points: [point([rows * length, heads * 8], s)], build, sizes: { rows, length } };
  }),
  attend: fc
    .tuple(size, size, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), salt)
    .map(([rows, length, kvHeads, group, s]): Case => {
      const heads = { heads: kvHeads * group, kvHeads, headSize: 4 };
      const tokens = rows * length;
      const points = [kvHeads * group, kvHeads, kvHeads].map((count, i) => point([tokens, count * 4], s + i));
      const build: Case["build"] = (graph, [queries, keys, values]) => {
        const mask = graph.constant(causalMask(length, group), [group === 1 ? length : length * group, length]);
        const named = { ...mask, shape: [group === 1 ? "length" : "queries", "length"] };
        return attend(graph, { queries: queries!, keys: keys!, values: values!, mask: named }, heads);
      };
      return { points, build, sizes: { rows, length, queries: length * group } };
    }),
  logProbabilities: fc
    .tuple(size, fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }), salt)
    .map(([classes, ids, s]): Case => {
      const chosen = ints(ids.map((id) => id % classes));
      const build: Case["build"] = (graph, [x]) => logProbabilities(graph, x!, graph.constant(chosen, [ids.length]));
      return { points: [point([ids.length, classes], s)], build };
    }),
};

test.each(Object.entries(cases))("%s", async (_, arbitrary) => {
  let steepest = 0;
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ points, build, sizes }) => {
      const { slope, difference, scale } = await slopes(points, build, sizes);
      // Relative to the steepest direction: this one may be flat.
      expect(Math.abs(slope - difference)).toBeLessThanOrEqual(1e-3 * Math.abs(scale) + 1e-5);
      steepest = Math.max(steepest, Math.abs(difference));
    }),
    { numRuns: 15, seed: 1 },
  );
  // All flat would agree with any gradient of zeros.
  expect(steepest).toBeGreaterThan(0.1);
});

test("shapes that do not fit are refused", async () => {
  const wrong = (build: Case["build"]) => slopes([point([2, 3], 0), point([2, 4], 1)], build);
  await expect(wrong((graph, [a, b]) => add(graph, a!, b!))).rejects.toThrow("shapes do not fit: [2,3] and [2,4]");
  await expect(wrong((graph, [a, b]) => matmul(graph, a!, b!))).rejects.toThrow("matrices do not fit: [2,3] and [2,4]");
});

test("a loss that does not depend on an input has no gradient there, and says so", async () => {
  const points = [point([2], 0), point([2], 1)];
  await expect(slopes(points, (graph, [a]) => negate(graph, a!))).rejects.toThrow("the loss does not depend on x1");
});
