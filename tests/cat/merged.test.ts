/** @file Several streams as one: each keeps its order, a slow one holds nobody up, a failure ends all. */
import { expect, test } from "vitest";
import { merged } from "../../src/cat/merged.ts";

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

const wait = (turns: number) => new Promise<void>((resolve) => setTimeout(resolve, turns));

async function* numbers(name: string, count: number, turns: number): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) {
    await wait(turns);
    yield `${name}${i}`;
  }
}

test("each stream is there whole and in its order; a slow one holds nobody up", async () => {
  const all = await collect(merged([numbers("a", 2, 30), numbers("b", 4, 1), numbers("c", 0, 1)]));
  expect(all.filter((one) => one.startsWith("a"))).toEqual(["a0", "a1"]);
  expect(all.filter((one) => one.startsWith("b"))).toEqual(["b0", "b1", "b2", "b3"]);
  expect(all.indexOf("b3")).toBeLessThan(all.indexOf("a1"));
  expect(await collect(merged([]))).toEqual([]);
});

test("the first failure is thrown, and the others are ended", async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) {
        await wait(1);
        yield "on";
      }
    } finally {
      ended = true;
    }
  }
  async function* failing(): AsyncGenerator<string> {
    yield "once";
    await wait(5);
    throw new Error("no more");
  }
  await expect(collect(merged([endless(), failing()]))).rejects.toThrow("no more");
  expect(ended).toBe(true);
});

test("who leaves early leaves all of them", async () => {
  let ended = 0;
  async function* counted(): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) {
        await wait(1);
        yield i;
      }
    } finally {
      ended++;
    }
  }
  for await (const one of merged([counted(), counted()])) if (one === 3) break;
  expect(ended).toBe(2);
});
