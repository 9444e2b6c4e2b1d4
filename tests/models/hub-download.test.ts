/** @file Downloads from a hub on the loopback interface into the store: every way to break off resumes, damage heals or is refused by name, nothing is fetched twice. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { downloadHubFiles, type HubDownloadOptions, type HubFile } from "../../src/models/hub-download.ts";
import type { Patience } from "../../src/models/patience.ts";
import type { Progress } from "../../src/models/progress-meter.ts";
import { modelParts, removeParts } from "../../src/store/model-files.ts";
import { type TestFiles, useTestFiles } from "../lab/opfs.ts";
import { type Fault, HubServer } from "./hub-server.ts";

const WEIGHTS = "onnx/model_q4.onnx_data";
const SIZE = 2_000_000;
/** The share of the whole that may be fetched besides. */
const WASTE = 1.05;

let hub: HubServer;
let disk: TestFiles;
let notes: string[];
let progress: Progress[];

beforeEach(async () => {
  disk = useTestFiles();
  notes = [];
  progress = [];
  hub = new HubServer();
  await hub.open();
  hub.files.set("config.json", Buffer.from('{"model_type":"made up"}'));
  hub.files.set("onnx/model_q4.onnx", Buffer.alloc(300_000, "graph"));
  hub.files.set(WEIGHTS, madeUpBytes(SIZE, 7));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await hub.close();
});

function madeUpBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) bytes[i] = (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16;
  return bytes;
}

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** @param known do we know lengths and hashes beforehand? */
function wanted(known = true): HubFile[] {
  return [...hub.files].map(([path, bytes]) => ({
    path,
    bytes: known ? bytes.length : null,
    sha256: known ? sha(bytes) : null,
    url: `${hub.host}/${hub.id}/resolve/main/${path}`,
    optional: false,
    name: path.replaceAll("/", "-"),
  }));
}

const patience: Patience = { attempts: 4, firstWaitMs: 1, longestWaitMs: 4, stallMs: 200 };

function download(files = wanted(), options: Partial<HubDownloadOptions> = {}) {
  return downloadHubFiles(files, {
    store: modelParts,
    room: () => Promise.resolve(null),
    patience,
    stop: new AbortController().signal,
    now: () => performance.now(),
    onProgress: (now) => progress.push(now),
    onNote: (text) => notes.push(text),
    ...options,
  });
}

function fails(...faults: Fault[]): void {
  hub.faults.set(WEIGHTS, faults);
}

/** Everything is in the store, byte for byte, and nothing is on its way. */
async function expectWhole(found: ReturnType<typeof download>): Promise<void> {
  const files = await found;
  expect(files).toEqual([...hub.files].map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha(bytes) })));
  for (const bytes of hub.files.values()) expect(sha(disk.bytes.get(`models/files/${sha(bytes)}`)!)).toBe(sha(bytes));
  expect([...disk.bytes.keys()].filter((path) => /parts\/(?!.*\.json$)/.test(path))).toEqual([]);
  expect(disk.open.size).toBe(0);
  expect(progress.at(-1)).toMatchObject({ loadedBytes: hub.totalBytes, totalBytes: hub.totalBytes });
}

/** Until so many bytes are there, then the tab is closed. */
async function closedAt(bytes: number, files = wanted()): Promise<void> {
  const tab = new AbortController();
  const onProgress = ({ loadedBytes }: Progress): void => {
    if (loadedBytes >= bytes) tab.abort(new Error("closed"));
  };
  // Every piece is told.
  let clock = 0;
  const now = () => (clock += 1000);
  hub.pace = 1;
  await expect(download(files, { stop: tab.signal, onProgress, now })).rejects.toThrow("closed");
  hub.pace = 0;
}

describe.each([true, false])("lengths and hashes known: %s", (known) => {
  test("all files come, the weights from the other origin, and a second time nothing is asked", async () => {
    await expectWhole(download(wanted(known)));
    expect(hub.seen.filter(({ origin }) => origin === "storage").every(({ path }) => path.includes(".onnx"))).toBe(
      true,
    );
    expect(hub.sent).toBeLessThanOrEqual(hub.totalBytes + 3);
    hub.seen.length = 0;
    await expectWhole(download(wanted(known)));
    expect(hub.seen).toEqual([]);
  });

  test.each([0.3, 0.6, 0.95])("a tab closed at %f goes on there", async (share) => {
    await closedAt(share * hub.totalBytes, wanted(known));
    progress = [];
    await expectWhole(download(wanted(known)));
    expect(progress[0]!.loadedBytes).toBeGreaterThanOrEqual(share * hub.totalBytes);
    expect(hub.sent).toBeLessThanOrEqual(WASTE * hub.totalBytes);
  });

  test.each<Fault["kind"]>(["cut", "stall", "end"])(
    "connections that %s at 30, 60 and 95 per cent go on by themselves",
    async (kind) => {
      const at = (after: number) => ({ kind, after: after * SIZE }) as Fault;
      fails(at(0.3), at(0.3), at(0.35));
      // Whoever asks for the length first uses up no fault.
      if (!known) hub.faults.get(WEIGHTS)!.unshift({ kind: "cut", after: 1 });
      await expectWhole(download(wanted(known)));
      expect(hub.sent).toBeLessThanOrEqual(WASTE * hub.totalBytes);
    },
  );

  test("a server that is ill for a while is asked again", async () => {
    fails({ kind: "status", status: 503 }, { kind: "status", status: 429 });
    await expectWhole(download(wanted(known)));
  });

  test("another version upstream begins that file again, and says so", async () => {
    await closedAt(0.5 * hub.totalBytes, wanted(known));
    hub.files.set(WEIGHTS, madeUpBytes(SIZE, 8));
    await expectWhole(download(wanted(known)));
    expect(notes).toEqual([expect.stringMatching(/onnx_data begins again: its source has another version now/)]);
  });
});

test("where a source goes on only from the beginning, the file begins again", async () => {
  fails({ kind: "cut", after: 900_000 }, { kind: "whole" });
  await expectWhole(download());
  expect(notes).toEqual([expect.stringMatching(/begins again: its source cannot go on in the middle/)]);
});

test("one wrong byte: that file alone is fetched again", async () => {
  fails({ kind: "corrupt", at: 1000 });
  await expectWhole(download());
  expect(notes).toEqual([expect.stringMatching(/onnx_data arrived damaged; it alone is fetched again/)]);
  expect(hub.sent).toBe(hub.totalBytes + SIZE);
});

test("wrong bytes each time are refused with both hashes, and kept nowhere", async () => {
  const files = wanted();
  hub.files.set(WEIGHTS, madeUpBytes(SIZE, 9));
  const message = new RegExp(`SHA-256 ${sha(hub.files.get(WEIGHTS)!)} instead of ${files[2]!.sha256}`);
  await expect(download(files)).rejects.toMatchObject({
    code: "file-damaged",
    message: expect.stringMatching(message) as string,
  });
  expect(disk.bytes.has(`models/files/${sha(hub.files.get(WEIGHTS)!)}`)).toBe(false);
  expect(disk.bytes.get(`models/parts/${files[2]!.name}`)).toHaveLength(0);
});

test("another length is refused at once, with both", async () => {
  const files = wanted();
  hub.files.set(WEIGHTS, Buffer.concat([hub.files.get(WEIGHTS)!, Buffer.from("!")]));
  await expect(download(files)).rejects.toMatchObject({
    code: "file-damaged",
    message: expect.stringMatching(/2000001 bytes at its source instead of 2000000/) as string,
  });
});

test.each([
  [404, /is not at 127\.0\.0\.1:\d+ \(status 404\)/],
  [401, /Accept the model's licence/],
  [403, /set a token/],
])("status %i is final, and clear", async (status, message) => {
  fails({ kind: "status", status });
  await expect(download()).rejects.toMatchObject({
    code: "file-missing",
    message: expect.stringMatching(message) as string,
  });
  expect(hub.seen.filter(({ path }) => path === WEIGHTS)).toHaveLength(2); // the hub and its storage, once each
});

test("a source that stays away is given up after so many attempts; what is here stays", async () => {
  fails(
    { kind: "cut", after: 700_000 },
    ...Array.from({ length: 9 }, () => ({ kind: "status", status: 503 }) as const),
  );
  await expect(download()).rejects.toMatchObject({
    code: "file-missing",
    message: expect.stringMatching(/stopped at \d+ of 2000000 bytes .*503/) as string,
  });
  expect(hub.seen.filter(({ path, origin }) => path === WEIGHTS && origin === "storage")).toHaveLength(
    1 + patience.attempts - 1,
  );
  hub.faults.clear();
  await expectWhole(download());
  expect(hub.sent).toBeLessThanOrEqual(WASTE * hub.totalBytes);
});

test("without room for the rest nothing is fetched", async () => {
  const short = { room: () => Promise.resolve(1_000_000) };
  await expect(download(wanted(), short)).rejects.toMatchObject({
    code: "storage",
    message: expect.stringMatching(/needs 0\.00 GB|more/) as string,
  });
  expect(hub.seen).toEqual([]);
  await closedAt(0.7 * hub.totalBytes);
  await expectWhole(download(wanted(), short));
});

test("a full disk says so, and what was written stays", async () => {
  disk.failures.set("write", new DOMException("Quota exceeded.", "QuotaExceededError"));
  await expect(download()).rejects.toMatchObject({
    code: "storage",
    message: expect.stringMatching(/Free some space/) as string,
  });
  disk.failures.clear();
  await expectWhole(download());
});

test("the token goes to its own origin only: not along a redirect, not to another host", async () => {
  const token = { value: "secret", origin: hub.host };
  await expectWhole(download(wanted(), { token }));
  const got = (origin: string) =>
    new Set(hub.seen.filter((seen) => seen.origin === origin).map(({ authorization }) => authorization));
  expect(got("hub")).toEqual(new Set(["Bearer secret"]));
  expect(got("storage")).toEqual(new Set([undefined]));
  const mirror = new HubServer(hub.id);
  await mirror.open();
  mirror.files.set("config.json", Buffer.from("{}"));
  const file = {
    path: "config.json",
    bytes: 2,
    sha256: null,
    optional: false,
    url: `${mirror.host}/${mirror.id}/resolve/main/config.json`,
    name: "other",
  };
  await download([file], { token });
  expect(mirror.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  await mirror.close();
});

test("parts of unknown version and hash are not stitched together", async () => {
  hub.etags = false;
  await closedAt(0.6 * hub.totalBytes, wanted(false));
  hub.files.set(WEIGHTS, madeUpBytes(SIZE, 8));
  await expectWhole(download(wanted(false)));
});

test("a source that names no version and breaks off each time is given up", async () => {
  hub.etags = false;
  fails(...Array.from({ length: 9 }, () => ({ kind: "cut", after: 500_000 }) as const));
  const files = wanted(false).map((file) => ({ ...file, bytes: hub.files.get(file.path)!.length }));
  await expect(download(files)).rejects.toMatchObject({
    code: "file-damaged",
    message: expect.stringMatching(/too often/) as string,
  });
});

test("a file that not every model has may be absent; any other is missed by name", async () => {
  const absent = {
    ...wanted(false)[0]!,
    path: "chat_template.jinja",
    name: "absent",
    url: `${hub.host}/${hub.id}/resolve/main/chat_template.jinja`,
  };
  await expectWhole(download([...wanted(false), { ...absent, optional: true }]));
  await expect(download([...wanted(false), absent])).rejects.toMatchObject({
    message: expect.stringMatching(/^chat_template\.jinja is not at/) as string,
  });
});

test("where a preflight for If-Range is refused, the answer's own validator decides", async () => {
  await closedAt(0.5 * hub.totalBytes, wanted(false));
  const real = fetch;
  // As a browser does with the hub's storage (huggingface/datasets#7931).
  vi.stubGlobal("fetch", (url: string, options: { headers: Headers }) =>
    options.headers.has("if-range") ? Promise.reject(new TypeError("Failed to fetch")) : real(url, options),
  );
  const sent = hub.sent;
  await expectWhole(download(wanted(false)));
  expect(hub.sent).toBeLessThanOrEqual(WASTE * hub.totalBytes);
  expect(hub.sent).toBeGreaterThan(sent);
  await removeModelFiles();
  await closedAt(0.5 * hub.totalBytes, wanted(false));
  hub.files.set(WEIGHTS, madeUpBytes(SIZE, 8));
  await expectWhole(download(wanted(false)));
  expect(notes).toEqual([expect.stringMatching(/begins again: its source has another version now/)]);
});

test("with its hash known, a file that was begun at the hub goes on at a mirror", async () => {
  await closedAt(0.5 * hub.totalBytes);
  const mirror = new HubServer(hub.id);
  await mirror.open();
  for (const [path, bytes] of hub.files) mirror.files.set(path, bytes);
  mirror.version = "mirror-";
  const files = wanted().map((one) => ({ ...one, url: one.url.replace(hub.host, mirror.host) }));
  await expectWhole(download(files));
  expect(hub.sent + mirror.sent).toBeLessThanOrEqual(WASTE * hub.totalBytes);
  expect(notes).toEqual([]);
  await mirror.close();
});

async function removeModelFiles(): Promise<void> {
  hub.sent = 0;
  await removeParts(wanted().map(({ name }) => name));
}
