/** @file Copies of cache rows on the CPU: tiled, dropped, and joined though of unequal length. On the GPU rows stay in place: tests/browser/engine.test.ts. */
import { expect, test } from "vitest";
import { floatsOf } from "../../src/engine/floats.ts";
import { copyRows, type Kv, type KvShape } from "../../src/engine/kv.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";

const SHAPE: KvShape = { caches: [{ name: "0.key", kvHeads: 2, headSize: 1 }], cacheType: "float32" };
const runtime = await nodeRuntime();

/** Value = hundreds: `name`, tens: head, ones: position; shape [rows, 2, room, 1]. */
function kv(names: readonly number[], lengths: readonly number[]): Kv {
  const room = Math.max(...lengths);
  const data = names.flatMap((name, row) =>
    [0, 1].flatMap((head) =>
      Array.from({ length: room }, (_, at) => (at < lengths[row]! ? 100 * name + 10 * head + at : NaN)),
    ),
  );
  const tensor = new runtime.ort.Tensor("float32", Float32Array.from(data), [names.length, 2, room, 1]);
  return { tensors: [tensor], lengths, room };
}

function values({ tensors }: Kv): number[] {
  return [...(tensors[0]!.data as Float32Array)];
}

test("one row becomes many", () => {
  const source = kv([1], [2]);
  const tiled = copyRows(
    runtime,
    SHAPE,
    [0, 0, 0].map((row) => ({ kv: source, row })),
  );
  expect(values(tiled)).toEqual([100, 101, 110, 111, 100, 101, 110, 111, 100, 101, 110, 111]);
  expect(tiled).toMatchObject({ lengths: [2, 2, 2], room: 2 });
  expect(tiled.tensors[0]!.dims).toEqual([3, 2, 2, 1]);
});

test("rows can be left out", () => {
  const source = kv([1, 2, 3], [1, 1, 1]);
  expect(
    values(
      copyRows(
        runtime,
        SHAPE,
        [2, 0].map((row) => ({ kv: source, row })),
      ),
    ),
  ).toEqual([300, 310, 100, 110]);
});

test("a shorter row fills the front of each head, and the rest stays zero", () => {
  const joined = copyRows(runtime, SHAPE, [
    { kv: kv([1], [1]), row: 0 },
    { kv: kv([2], [3]), row: 0 },
  ]);
  expect(values(joined)).toEqual([100, 0, 0, 110, 0, 0, 200, 201, 202, 210, 211, 212]);
  expect(joined).toMatchObject({ lengths: [1, 3], room: 3 });
});

test("half precision is copied bit by bit", () => {
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff);
  const source = { tensors: [new runtime.ort.Tensor("float16", bits, [1, 2, 2, 1])], lengths: [2], room: 2 };
  const [copy] = copyRows(
    runtime,
    { ...SHAPE, cacheType: "float16" },
    [0, 0].map((row) => ({ kv: source, row })),
  ).tensors;
  expect(copy!.type).toBe("float16");
  expect([...floatsOf(copy!.data)]).toEqual([...bits, ...bits]);
});

test("a row keeps its length when the longer ones leave", () => {
  const joined = kv([1, 2], [1, 3]);
  const alone = copyRows(runtime, SHAPE, [{ kv: joined, row: 0 }]);
  expect(values(alone)).toEqual([100, 110]);
  expect(alone.room).toBe(1);
});
