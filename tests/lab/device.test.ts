/** @file A browser that has an adapter but gives no device says why. */
import { afterEach, expect, test, vi } from "vitest";
import { openDevice } from "../../src/engine/device.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a refused device is no WebGPU, with the browser's reason", async () => {
  const adapter = {
    features: new Set(),
    info: {},
    limits: {},
    requestDevice: () => Promise.reject(new DOMException("too many devices", "OperationError")),
  };
  vi.stubGlobal("navigator", { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
  await expect(openDevice()).rejects.toMatchObject({
    code: "no-webgpu",
    message: expect.stringMatching(/too many devices.*wasm/) as string,
  });
});
