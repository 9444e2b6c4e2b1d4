/** @file What a load leaves behind: its figures, or why it failed, by device; nothing where it was given up; and no storage stops no load. The engine is scripted, the store in memory. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { HubModels } from "../../src/lab/hub-models.ts";
import { loadReports } from "../../src/lab/load-reports.ts";
import type { Notice } from "../../src/lab/protocol.ts";
import { startReported } from "../../src/lab/report-load.ts";
import type { Fetched, LoadOptions } from "../../src/lab/start-model.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";

const engine = vi.hoisted(() => ({ start: (): unknown => undefined }));
vi.mock("../../src/lab/start-model.ts", () => ({
  startModel: (_: unknown, __: unknown, { progress }: LoadOptions) => {
    progress({ phase: "starting" });
    progress({ phase: "checking" });
    return Promise.resolve().then(() => engine.start());
  },
}));

const figures = { known: null, chunks: 0.001, ragged: 0.002, tree: null, allowed: 0.02, perplexity: 1.5 };
const files = [{ path: "config.json", bytes: 2, sha256: "a".repeat(64) }];
const entry = { id: "someone/some-model", dtype: "q4", revision: "c".repeat(40), files, title: "Some", domains: [] };
const adapter = { vendor: "v", architecture: "a", description: "d", isFallback: false };
const on = (device: "webgpu" | "wasm") =>
  ({ device, adapter: device === "webgpu" ? adapter : null }) as unknown as Runtime;

let disk: TestFiles;
beforeEach(() => {
  disk = useTestFiles();
  Object.assign(navigator, { userAgent: "Some browser" });
});
afterEach(() => vi.unstubAllGlobals());

const start = (device: "webgpu" | "wasm", stop = new AbortController().signal) =>
  startReported(on(device), { entry } as unknown as Fetched, { progress: () => undefined, stop });
const fail = (message: string) => () => {
  throw new ModelError("self-test-failed", message);
};

test("fails on one device and is ready on the other: both are told, with the model's files and no address", async () => {
  engine.start = fail("garbage from http://192.168.1.5:4173/assets/x.wasm");
  await expect(start("webgpu")).rejects.toThrow("garbage");
  engine.start = () => ({ figures });
  await start("wasm");
  const [report, ...others] = await loadReports();
  expect(others).toEqual([]);
  expect(report).toMatchObject({ id: entry.id, dtype: "q4", revision: entry.revision, files });
  expect(report).not.toHaveProperty("title");
  expect(report!.loads).toMatchObject([
    { device: "webgpu", adapter, selfTest: null, failure: { message: "garbage from (an address)" } },
    { device: "wasm", adapter: null, selfTest: figures, failure: null, browser: "Some browser" },
  ]);
  expect(report!.loads.every(({ ms }) => ms.start !== null && ms.check !== null)).toBe(true);
});

test("with a deleted model its report goes", async () => {
  engine.start = () => ({ figures });
  await start("wasm");
  const said: Notice[] = [];
  const models = new HubModels((notice) => said.push(notice));
  models.handle({ type: "models.remove", call: 1, model: "someone/another@q4" });
  await expect.poll(() => said.length).toBe(1);
  expect(await loadReports()).toHaveLength(1);
  models.handle({ type: "models.remove", call: 2, model: "someone/some-model@q4" });
  await expect.poll(() => said.length).toBe(2);
  expect(await loadReports()).toEqual([]);
});

test("what was given up says nothing", async () => {
  const stop = new AbortController();
  engine.start = () => {
    stop.abort();
    throw new Error("another was chosen");
  };
  await expect(start("wasm", stop.signal)).rejects.toThrow("another was chosen");
  expect(await loadReports()).toEqual([]);
});

test("without room there is a model and no report", async () => {
  engine.start = () => ({ figures });
  disk.failures.set("write", new DOMException("full", "QuotaExceededError"));
  expect(await start("wasm")).toEqual({ figures });
  disk.failures.clear();
  expect(await loadReports()).toEqual([]);
});
