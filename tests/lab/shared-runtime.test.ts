/** @file Who is on a device shares its runtime; the last to leave frees it. With devices that only count. */
import { beforeEach, expect, test, vi } from "vitest";
import { shareRuntime } from "../../src/lab/shared-runtime.ts";
import { settled } from "./parts.ts";

const devices = vi.hoisted(() => ({
  made: [] as { disposed: number; lose: () => void }[],
  failure: null as Error | null,
}));

vi.mock("../../src/engine/page-runtime.ts", () => ({
  browserRuntime: () => {
    if (devices.failure !== null) return Promise.reject(devices.failure);
    let lose: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (lose = resolve));
    const runtime = { gone, lose, disposed: 0, dispose: () => runtime.disposed++ };
    devices.made.push(runtime);
    return Promise.resolve(runtime);
  },
}));

beforeEach(() => {
  devices.made.length = 0;
  devices.failure = null;
});

test("two on one device share it, and the last to leave frees it; the next gets a new one", async () => {
  const [a, b] = await Promise.all([shareRuntime("webgpu"), shareRuntime("webgpu")]);
  const other = await shareRuntime("wasm");
  expect([a.runtime === b.runtime, devices.made.length]).toEqual([true, 2]);
  a.leave();
  expect(devices.made[0]!.disposed).toBe(0);
  b.leave();
  expect(devices.made.map(({ disposed }) => disposed)).toEqual([1, 0]);
  const next = await shareRuntime("webgpu");
  expect(next.runtime).not.toBe(a.runtime);
  next.leave();
  other.leave();
});

test("a device that is gone for good is not given to others, and freed by those who had it", async () => {
  const a = await shareRuntime("webgpu");
  devices.made[0]!.lose();
  await settled();
  const b = await shareRuntime("webgpu");
  expect(b.runtime).not.toBe(a.runtime);
  a.leave();
  expect(devices.made.map(({ disposed }) => disposed)).toEqual([1, 0]);
  b.leave();
});

test("what could not be had is asked for again", async () => {
  devices.failure = new Error("no adapter");
  await expect(shareRuntime("webgpu")).rejects.toThrow("no adapter");
  devices.failure = null;
  (await shareRuntime("webgpu")).leave();
});
