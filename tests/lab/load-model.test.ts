/** @file Falling back from WebGPU, giving up, freeing: load-model.ts with engine and download scripted. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type FailureCode, ModelError } from "../../src/cat/models.ts";
import { loadModel } from "../../src/lab/load-model.ts";
import type { DeviceChoice, ModelState } from "../../src/lab/protocol.ts";

interface Runtime {
  readonly device: string;
  readonly gpu: { destroy(): void } | null;
}

const engine = vi.hoisted(() => ({
  destroyed: 0,
  create: (_: { runtime: Runtime; onPhase: (phase: "starting") => void }): Promise<{ dispose(): Promise<void> }> =>
    Promise.resolve({ dispose: () => Promise.resolve() }),
  stop: undefined as AbortSignal | undefined,
}));

vi.mock("../../src/engine/device.ts", () => ({ probeAdapter: () => Promise.resolve({ isFallback: false }) }));
vi.mock("../../src/engine/ort.ts", () => ({
  browserRuntime: (device: string) =>
    Promise.resolve({
      device,
      gpu: device === "webgpu" ? { destroy: () => engine.destroyed++ } : null,
      loss: { happened: new Promise(() => undefined) },
    }),
}));
vi.mock("../../src/engine/language-model.ts", () => ({
  createLanguageModel: (options: Parameters<typeof engine.create>[0]) => engine.create(options),
}));
vi.mock("../../src/models/manifest.ts", () => ({
  fetchManifest: () => Promise.resolve({}),
  findModel: () => ({ files: [{ path: "a", bytes: 3, sha256: "" }] }),
}));
vi.mock("../../src/models/download.ts", () => ({
  downloadModel: (_: unknown, __: unknown, { stop }: { stop: AbortSignal }) => {
    engine.stop = stop;
    return Promise.resolve({ records: [], bytes: new Map() });
  },
}));
vi.mock("../../src/models/generation.ts", () => ({ readGeneration: () => ({ sampling: {}, maxTokens: 8 }) }));

const model = { dispose: () => Promise.resolve() };
const failingOn = (device: string, error: Error) => (options: { runtime: Runtime }) =>
  options.runtime.device === device ? Promise.reject(error) : Promise.resolve(model);

function load(choice: DeviceChoice, abort = new AbortController()) {
  const states: ModelState[] = [];
  const progress = (state: ModelState) => void states.push(state);
  return loadModel("kitten", choice, "http://page.test/", { progress, stop: abort.signal });
}

beforeEach(() => {
  engine.destroyed = 0;
  engine.create = () => Promise.resolve(model);
});

describe("auto on WebGPU", () => {
  test.each<[FailureCode, string]>([
    ["self-test-failed", "self-test"],
    ["model-unsupported", "webgpu-failed"],
    ["out-of-memory", "webgpu-failed"],
    ["device-lost", "webgpu-failed"],
    ["no-webgpu", "webgpu-failed"],
  ])("%s falls back to wasm and says %s", async (code, why) => {
    engine.create = failingOn("webgpu", new ModelError(code, "no"));
    expect((await load("auto")).why).toBe(why);
    expect(engine.destroyed).toBe(1);
  });

  test.each<FailureCode>(["file-missing", "file-damaged"])("%s is wrong everywhere", async (code) => {
    engine.create = failingOn("webgpu", new ModelError(code, "no"));
    await expect(load("auto")).rejects.toMatchObject({ code });
  });
});

test("who asked for WebGPU gets it or its failure", async () => {
  engine.create = failingOn("webgpu", new ModelError("out-of-memory", "no"));
  await expect(load("webgpu")).rejects.toMatchObject({ code: "out-of-memory" });
});

test("a load that is given up ends with the reason and starts nothing more", async () => {
  const abort = new AbortController();
  const devices: string[] = [];
  engine.create = ({ runtime, onPhase }) => {
    devices.push(runtime.device);
    abort.abort(new Error("another was chosen"));
    return Promise.resolve().then(() => {
      onPhase("starting");
      return model;
    });
  };
  await expect(load("auto", abort)).rejects.toThrow("another was chosen");
  expect(engine.stop).toBe(abort.signal);
  expect([devices, engine.destroyed]).toEqual([["webgpu"], 1]);
});

test("the device goes even if the weights cannot be freed", async () => {
  engine.create = () => Promise.resolve({ dispose: () => Promise.reject(new Error("release failed")) });
  const loaded = await load("webgpu");
  await expect(loaded.dispose()).rejects.toThrow("release failed");
  expect(engine.destroyed).toBe(1);
});
