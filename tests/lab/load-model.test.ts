/** @file Falling back from WebGPU, giving up, freeing: load-model.ts with engine and download scripted. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type FailureCode, ModelError } from "../../src/cat/models.ts";
import { loadModel } from "../../src/lab/load-model.ts";
import type { DeviceChoice, ModelState } from "../../src/lab/protocol.ts";

interface Runtime {
  readonly device: string;
  onNotice?: unknown;
  readonly gpu: { destroy(): void } | null;
}

const engine = vi.hoisted(() => ({
  destroyed: 0,
  create: (_: {
    runtime: Runtime;
    entry: { id?: string };
    onPhase: (phase: "starting") => void;
  }): Promise<{ dispose(): Promise<void> }> => Promise.resolve({ dispose: () => Promise.resolve() }),
  stop: undefined as AbortSignal | undefined,
  /** Of the manifest, as far as the choice of the judge reads them. */
  models: [] as object[],
}));

vi.mock("../../src/engine/device.ts", () => ({ probeAdapter: () => Promise.resolve({ isFallback: false }) }));
vi.mock("../../src/engine/page-runtime.ts", () => ({
  browserRuntime: (device: string) =>
    Promise.resolve({
      device,
      gpu: device === "webgpu" ? {} : null,
      gone: new Promise(() => undefined),
      dispose: () => engine.destroyed++,
    }),
}));
vi.mock("../../src/engine/language-model.ts", () => ({
  createLanguageModel: (options: Parameters<typeof engine.create>[0]) => engine.create(options),
}));
vi.mock("../../src/models/manifest.ts", async (original) => ({
  ...(await original<typeof import("../../src/models/manifest.ts")>()),
  fetchManifest: () => Promise.resolve({ models: engine.models }),
  findModel: () => ({ domains: ["sums"], files: [{ path: "a", bytes: 3, sha256: "" }] }),
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
  engine.models = [];
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

describe("the judge beside it", () => {
  const judge = { id: "cat-judge", embedded: true, roles: ["judge"], domains: ["advice"], files: [] };
  const options = { progress: () => undefined, stop: new AbortController().signal };

  test("is the embedded model with that role, on the very device of the policy, and leaves it alone when freed", async () => {
    engine.models = [
      { id: "kitten", embedded: true, roles: ["policy", "anchor"] },
      { id: "hub-judge", embedded: false, roles: ["judge"] },
      judge,
    ];
    const made: { id: string | undefined; runtime: Runtime }[] = [];
    engine.create = ({ runtime, entry }) => {
      made.push({ id: entry.id, runtime });
      return Promise.resolve(model);
    };
    const policy = await load("webgpu");
    const loaded = await policy.loadJudge(options);
    expect(made.map(({ id }) => id)).toEqual([undefined, "cat-judge"]);
    expect(made[1]!.runtime).toBe(made[0]!.runtime);
    expect([loaded.domains, loaded.why]).toEqual([["advice"], null]);
    await loaded.dispose();
    expect(engine.destroyed).toBe(0);
  });

  test("goes to wasm by itself where auto finds that WebGPU computes it wrongly", async () => {
    engine.models = [judge];
    const policy = await load("auto");
    engine.create = failingOn("webgpu", new ModelError("self-test-failed", "no"));
    expect((await policy.loadJudge(options)).why).toBe("self-test");
    expect(engine.destroyed).toBe(0);
  });

  test("is heard on its own device: the policy's, or the one it fell back to", async () => {
    engine.models = [judge];
    const made: Runtime[] = [];
    engine.create = (started) => {
      made.push(started.runtime);
      return Promise.resolve(model);
    };
    const policy = await load("auto");
    const policyHears = () => undefined;
    const judgeHears = () => undefined;
    policy.onNotice(policyHears);
    (await policy.loadJudge(options)).onNotice(judgeHears);
    expect([made[1] === made[0], made[0]!.onNotice]).toEqual([true, judgeHears]);
    policy.onNotice(policyHears);
    engine.create = (started) => {
      made.push(started.runtime);
      return failingOn("webgpu", new ModelError("out-of-memory", "no"))(started);
    };
    (await policy.loadJudge(options)).onNotice(judgeHears);
    expect([made[0]!.onNotice, made.at(-1)!.device, made.at(-1)!.onNotice]).toEqual([policyHears, "wasm", judgeHears]);
  });

  test("fails where WebGPU was asked for, and the policy's device stays", async () => {
    engine.models = [judge];
    const policy = await load("webgpu");
    engine.create = failingOn("webgpu", new ModelError("out-of-memory", "no"));
    await expect(policy.loadJudge(options)).rejects.toMatchObject({ code: "out-of-memory" });
    expect(engine.destroyed).toBe(0);
  });

  test("without one in the manifest that is what is said", async () => {
    const policy = await load("wasm");
    await expect(policy.loadJudge(options)).rejects.toMatchObject({ code: "no-judge" });
  });
});
