/** @file The symbolic checker: one worker, killed and replaced when it is late or breaks; and the real engine in Node. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createChecker, type Listener } from "../../src/symbolic/checker.ts";
import { createNodeChecker } from "../../src/symbolic/node-checker.ts";

/** A worker that says "equal" to what is the same text, nothing to "slow", and breaks at "bad". */
function fakeWorkers() {
  const log: string[] = [];
  const start = (listener: Listener) => {
    const name = `worker ${log.filter((line) => line.startsWith("start")).length + 1}`;
    log.push(`start ${name}`);
    queueMicrotask(() => {
      listener.ready();
    });
    return {
      send([a, b]: readonly [string, string]) {
        if (a === "bad") listener.broke();
        else if (a !== "slow") listener.verdict(a === b);
      },
      kill() {
        log.push(`kill ${name}`);
      },
    };
  };
  return { start, log };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("nothing is started before the first pair; then one worker serves all", async () => {
  const { start, log } = fakeWorkers();
  const checker = createChecker(start);
  expect(log).toEqual([]);
  expect(await Promise.all([checker.check("1", "1"), checker.check("1", "2")])).toEqual([true, false]);
  expect(log).toEqual(["start worker 1"]);
  checker.dispose();
  await vi.runAllTimersAsync();
  expect(log).toEqual(["start worker 1", "kill worker 1"]);
});

test("a late verdict is null, and the next pair has a fresh worker", async () => {
  const { start, log } = fakeWorkers();
  const checker = createChecker(start, 200);
  const [slow, next] = [checker.check("slow", "1"), checker.check("2", "2")];
  await vi.advanceTimersByTimeAsync(199);
  expect(log).toEqual(["start worker 1"]);
  await vi.advanceTimersByTimeAsync(1);
  expect([await slow, await next]).toEqual([null, true]);
  expect(log).toEqual(["start worker 1", "kill worker 1", "start worker 2"]);
});

test("a worker that breaks is replaced", async () => {
  const { start, log } = fakeWorkers();
  const checker = createChecker(start);
  expect(await checker.check("bad", "1")).toBeNull();
  expect(await checker.check("3", "3")).toBe(true);
  expect(log.filter((line) => line.startsWith("start"))).toHaveLength(2);
});

test("workers that never begin are given up after two", async () => {
  let started = 0;
  const checker = createChecker(() => {
    started++;
    throw new Error("no such file");
  });
  expect([await checker.check("1", "1"), await checker.check("1", "1"), await checker.check("1", "1")]).toEqual([
    null,
    null,
    null,
  ]);
  expect(started).toBe(2);
});

test("the engine itself", { timeout: 60_000 }, async () => {
  vi.useRealTimers();
  // Long enough for a machine that is busy with something else: the limit is tested above.
  const checker = createNodeChecker(20_000);
  try {
    expect(await checker.check("\\sum_{k=1}^{10} k", "55")).toBe(true);
    expect(await checker.check("\\sum_{k=1}^{10} k", "56")).toBe(false);
    expect(await checker.check("x", "y")).toBeNull();
  } finally {
    checker.dispose();
  }
});
