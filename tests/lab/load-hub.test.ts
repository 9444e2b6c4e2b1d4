/** @file A hub model on its way into the Lab: fetched if need be, joined if it is on its way, checked again each time, never loaded damaged. Store in memory, hub on the loopback interface, engine left out. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { HubModels } from "../../src/lab/hub-models.ts";
import { loadHub } from "../../src/lab/load-hub.ts";
import { type DownloadState, HUB, type ModelState, type Notice } from "../../src/lab/protocol.ts";
import type { Fetched } from "../../src/lab/start-model.ts";
import { listKeptModels } from "../../src/store/model-files.ts";
import { HubServer } from "../models/hub-server.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";

const engine = vi.hoisted(() => ({
  load: (fetched: unknown, _choice: string): unknown => fetched,
}));
vi.mock("../../src/lab/load-model.ts", () => ({
  loadOnDevice: (fetched: Fetched, _: null, { choice }: { choice: string }) =>
    Promise.resolve().then(() => engine.load(fetched, choice)),
  chooseDevice: () => Promise.resolve({ device: "webgpu", why: null }),
}));

const KEY = "someone/some-model@q4";
const GRAPH = "onnx/model_q4.onnx";
const DATA = "onnx/model.onnx_data";
const file = (path: string) => ({ path, bytes: null, sha256: null });
const catalogue = {
  format: 1,
  bundles: [],
  models: [
    {
      ...{ id: "someone/some-model", title: "Some model", family: "Some", revision: null, revisionSeen: null },
      ...{
        licence: { name: "MIT", url: "https://opensource.org/license/mit" },
        roles: ["policy"],
        promptSet: "default",
      },
      ...{ parameters: 1, contextLength: 128, cacheNumbersPerToken: 1, notRunnable: null, troubles: [] },
      testedByUs: false,
      files: [file("config.json"), { ...file("chat_template.jinja"), optional: true }],
      variants: [
        { dtype: "q4", aboutBytes: 400_000, files: [file(GRAPH)] },
        { dtype: "q8", aboutBytes: 500, files: [file("onnx/model_quantized.onnx")] },
        { dtype: "fp32", aboutBytes: 400_000, files: [file("onnx/model.onnx"), file(DATA)] },
      ],
    },
  ],
};

let hub: HubServer;
let disk: TestFiles;
let notices: Notice[];
let models: HubModels;

beforeEach(async () => {
  disk = useTestFiles();
  Object.assign(navigator.storage, { estimate: () => Promise.resolve({ usage: 0, quota: 1e9 }) });
  hub = new HubServer();
  await hub.open();
  hub.files.set("config.json", Buffer.from("{}"));
  hub.files.set(GRAPH, Buffer.alloc(400_000, "weights"));
  const real = fetch;
  vi.stubGlobal("fetch", (url: string | URL, options?: RequestInit) =>
    String(url).startsWith("http://page.test/")
      ? Promise.resolve(Response.json(ownFile(String(url))))
      : real(url, options),
  );
  notices = [];
  models = new HubModels((notice) => notices.push(notice));
  models.handle({ type: "models.place", place: { ...HUB, host: hub.host } });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

function ownFile(url: string): unknown {
  return url.endsWith("catalogue.json") ? catalogue : { format: 1, models: [] };
}

const kept = (path: string) => `models/files/${createHash("sha256").update(hub.files.get(path)!).digest("hex")}`;
const phases = () => notices.filter((notice) => notice.type === "download").map(({ state }) => state.phase);

async function load(stop = new AbortController().signal, said: ModelState[] = [], key = KEY): Promise<Fetched> {
  const progress = (state: ModelState) => void said.push(state);
  return (await loadHub(key, models, "wasm", "http://page.test/", { progress, stop })) as unknown as Fetched;
}

/** Waits for the last notice of a download. */
async function ended(): Promise<DownloadState> {
  await expect.poll(() => phases().at(-1)).toMatch(/done|paused|failed/);
  return (notices.at(-1) as Extract<Notice, { type: "download" }>).state;
}

test("it is fetched once, with its hashes as the run will name them, and the next time nothing is asked", async () => {
  const said: ModelState[] = [];
  const { files, entry } = await load(undefined, said);
  expect([...files.bytes.keys()].sort()).toEqual(["config.json", GRAPH]);
  // The catalogue names no revision, so the one that the hub named is written down.
  expect(entry).toMatchObject({ id: "someone/some-model", dtype: "q4", contextLength: 128, revision: hub.commit });
  expect(entry.files.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
  expect(said.at(-2)).toMatchObject({ phase: "downloading", loadedBytes: 400_002, totalBytes: 400_002 });
  expect(phases().at(-1)).toBe("done");
  hub.seen.length = 0;
  await load();
  expect(hub.seen).toEqual([]);
  expect((await listKeptModels())[0]!.usedAt).not.toBeNull();
});

test("a load joins the download that is going on, and leaves it alone when it is given up", async () => {
  hub.pace = 5;
  models.handle({ type: "models.download", model: KEY, base: "http://page.test/" });
  const stop = new AbortController();
  const loading = load(stop.signal);
  setTimeout(() => {
    stop.abort(new Error("another was chosen"));
  }, 40);
  await expect(loading).rejects.toThrow("another was chosen");
  expect((await ended()).phase).toBe("done");
  expect(hub.sent).toBeLessThanOrEqual(hub.totalBytes + 2);
});

test("a load that is given up takes its own download with it; what came stays", async () => {
  hub.pace = 10;
  const stop = new AbortController();
  const loading = load(stop.signal);
  await expect.poll(() => hub.sent).toBeGreaterThan(100_000);
  stop.abort(new Error("another was chosen"));
  await expect(loading).rejects.toThrow("another was chosen");
  expect((await ended()).phase).toBe("paused");
  hub.pace = 0;
  await load();
  expect(hub.sent).toBeLessThanOrEqual(1.05 * hub.totalBytes + 65_536);
});

describe("damaged where it is kept", () => {
  function damage(): void {
    const bytes = disk.bytes.get(kept(GRAPH))!.slice();
    bytes[1000]! ^= 1;
    disk.bytes.set(kept(GRAPH), bytes);
  }

  test("it is fetched anew, that file alone, before anything is loaded", async () => {
    await load();
    damage();
    hub.sent = 0;
    const { files } = await load();
    expect(Buffer.compare(files.bytes.get(GRAPH)!, hub.files.get(GRAPH)!)).toBe(0);
    expect(hub.sent).toBeLessThanOrEqual(400_000 + 1);
  });

  test("and changed at its source meanwhile, it is refused with the hash of the first time", async () => {
    await load();
    damage();
    const first = kept(GRAPH).slice("models/files/".length);
    hub.files.set(GRAPH, Buffer.alloc(400_000, "others"));
    const error = { code: "file-damaged", message: expect.stringContaining(`instead of ${first}`) as string };
    await expect(load()).rejects.toMatchObject(error);
  });
});

test("weights beside the graph stay on disk, and are checked there", async () => {
  hub.files.set("onnx/model.onnx", Buffer.from("graph"));
  hub.files.set(DATA, Buffer.alloc(400_000, "weights"));
  const fp32 = () => load(undefined, [], "someone/some-model@fp32");
  const { files } = await fp32();
  expect([...files.bytes.keys()].sort()).toEqual(["config.json", "onnx/model.onnx"]);
  expect([...files.onDisk!].map(([path, { size }]) => [path, size])).toEqual([[DATA, 400_000]]);
  const bytes = disk.bytes.get(kept(DATA))!.slice();
  bytes[399_999]! ^= 1;
  disk.bytes.set(kept(DATA), bytes);
  const mended = await fp32();
  expect(Buffer.from(await mended.files.onDisk!.get(DATA)!.arrayBuffer())).toEqual(hub.files.get(DATA));
});

test("what nobody lists cannot be asked for", async () => {
  models.handle({ type: "models.download", model: "no/such@q4", base: "http://page.test/" });
  expect(await ended()).toMatchObject({
    phase: "failed",
    failure: { message: expect.stringContaining("no/such@q4") as string },
  });
  expect(hub.seen).toEqual([]);
});

describe("weights that fail on the graphics processor", () => {
  const q8 = "someone/some-model@q8";
  const asAuto = () => {
    const { signal: stop } = new AbortController();
    return loadHub(KEY, models, "auto", "http://page.test/", { progress: () => undefined, stop });
  };
  /** What was started where, in order. */
  let started: string[];
  beforeEach(() => {
    started = [];
    hub.files.set("onnx/model_quantized.onnx", Buffer.alloc(500, 8));
  });
  function failing(...bad: string[]): void {
    engine.load = (fetched, choice) => {
      const what = `${(fetched as Fetched).entry.dtype} ${choice}`;
      started.push(what);
      if (bad.includes(what)) throw new ModelError("self-test-failed", "garbage");
      return fetched;
    };
  }
  afterEach(() => {
    engine.load = (fetched) => fetched;
  });

  test("give way to others of the same model that are here, and then to the processor", async () => {
    await models.download(q8, "http://page.test/", new AbortController().signal, () => undefined);
    failing("q4 webgpu");
    expect(await asAuto()).toMatchObject({ entry: { dtype: "q8" }, why: "other-dtype" });
    failing("q4 webgpu", "q8 webgpu");
    started.length = 0;
    expect(await asAuto()).toMatchObject({ entry: { dtype: "q4" } });
    expect(started).toEqual(["q4 webgpu", "q8 webgpu", "q4 auto"]);
  });

  test("are not replaced by what would have to be fetched", async () => {
    failing("q4 auto");
    await expect(asAuto()).rejects.toThrow("garbage");
    expect(started).toEqual(["q4 auto"]);
    expect(hub.seen.some(({ path }) => path.includes("quantized"))).toBe(false);
  });
});
