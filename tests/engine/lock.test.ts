/** @file The lock keeps the order, one at a time, and survives failures. */
import { expect, test } from "vitest";
import { DeviceLoss } from "../../src/engine/device-loss.ts";
import { withOrt } from "../../src/engine/lock.ts";

test("work runs in order and never at the same time", async () => {
  const log: string[] = [];
  const work = (name: string, ms: number) => async () => {
    log.push(`${name} begins`);
    await new Promise((later) => setTimeout(later, ms));
    log.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all([withOrt(work("slow", 20)), withOrt(work("quick", 0))]);
  expect(results).toEqual(["slow", "quick"]);
  expect(log).toEqual(["slow begins", "slow ends", "quick begins", "quick ends"]);
});

test("a failure reaches its caller only", async () => {
  const failing = withOrt(() => Promise.reject(new Error("first")));
  const next = withOrt(() => Promise.resolve("second"));
  await expect(failing).rejects.toThrow("first");
  await expect(next).resolves.toBe("second");
});

test("a lost device ends work that would never settle, and refuses what comes later", async () => {
  let lose: (info: Pick<GPUDeviceLostInfo, "reason" | "message">) => void = () => undefined;
  const lost = new Promise((resolve) => (lose = resolve));
  const loss = new DeviceLoss({ lost } as GPUDevice);
  await expect(loss.guard(() => Promise.resolve(1))).resolves.toBe(1);
  const hanging = loss.guard(() => new Promise(() => undefined));
  lose({ reason: "unknown", message: "driver reset" });
  await expect(hanging).rejects.toMatchObject({
    code: "device-lost",
    message: expect.stringContaining("driver reset") as string,
  });
  await expect(loss.guard(() => Promise.resolve(1))).rejects.toMatchObject({ code: "device-lost" });
});

test("a step that never ends is a failure in time, and nothing is called after it", async () => {
  const loss = new DeviceLoss({ lost: new Promise(() => undefined) } as GPUDevice, 20);
  const error = { code: "device-stalled", message: expect.stringMatching(/0\.02 seconds.*Reload/) as string };
  await expect(loss.guard(() => new Promise(() => undefined))).rejects.toMatchObject(error);
  let called = false;
  const later = loss.guard(() => {
    called = true;
    return Promise.resolve();
  });
  await expect(later).rejects.toMatchObject(error);
  expect(called).toBe(false);
});

test("many short steps are no stall", async () => {
  const loss = new DeviceLoss({ lost: new Promise(() => undefined) } as GPUDevice, 30);
  const step = () => new Promise((later) => setTimeout(later, 5));
  for (let i = 0; i < 12; i++) await loss.guard(step);
});

test("a reading that is cut off before the loss is told says that the device is lost", async () => {
  let lose: (info: GPUDeviceLostInfo) => void = () => undefined;
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => (lose = resolve));
  const loss = new DeviceLoss({ lost } as GPUDevice);
  const read = loss.guard(() => Promise.reject(new DOMException("Buffer was unmapped", "AbortError")));
  setTimeout(() => {
    lose({ reason: "destroyed", message: "" } as GPUDeviceLostInfo);
  }, 20);
  await expect(read).rejects.toMatchObject({ code: "device-lost" });
});
