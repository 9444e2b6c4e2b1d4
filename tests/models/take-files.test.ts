/** @file Files at hand into the store: verified by what is known of them, damage leaves nothing behind, nothing is read twice, stops and full disks are said. Store in memory. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Progress } from "../../src/models/progress-meter.ts";
import { type FileToTake, takeFiles } from "../../src/models/take-files.ts";
import { modelParts } from "../../src/store/model-files.ts";
import { type TestFiles, useTestFiles } from "../lab/opfs.ts";

const WEIGHTS = new Uint8Array(300_000).map((_, i) => i % 251);
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
let disk: TestFiles;
beforeEach(() => {
  disk = useTestFiles();
});
afterEach(() => vi.unstubAllGlobals());

const toTake = (known: Partial<FileToTake> = {}): FileToTake => ({
  ...{ path: "onnx/model.onnx", name: "part", bytes: null, sha256: null, content: new Blob([WEIGHTS]) },
  ...known,
});

function take(files: FileToTake[], options: { free?: number; stop?: AbortSignal } = {}) {
  const progress: Progress[] = [];
  const taken = takeFiles(files, {
    store: modelParts,
    room: () => Promise.resolve(options.free ?? null),
    stop: options.stop ?? new AbortController().signal,
    now: () => 0,
    onProgress: (now) => progress.push(now),
  });
  return { taken, progress };
}

const keptBytes = () =>
  [...disk.bytes]
    .filter(([path]) => path.startsWith("models/") && !path.endsWith(".json"))
    .map(([, { length }]) => length);

test("trusted once where nothing is known, and told what it was", async () => {
  const { taken } = take([toTake()]);
  expect(await taken).toEqual([{ path: "onnx/model.onnx", bytes: WEIGHTS.length, sha256: sha(WEIGHTS) }]);
  expect(disk.bytes.get(`models/files/${sha(WEIGHTS)}`)).toEqual(WEIGHTS);
  expect(disk.open.size).toBe(0);
});

test("what is here already is not read again", async () => {
  await take([toTake()]).taken;
  const content = { size: WEIGHTS.length, stream: () => expect.fail("read") };
  expect(await take([toTake({ sha256: sha(WEIGHTS), content })]).taken).toHaveLength(1);
});

test.each([
  ["length", { bytes: 7 }, "300000 bytes instead of 7"],
  ["hash", { sha256: "a".repeat(64) }, `SHA-256 ${sha(WEIGHTS)} instead of ${"a".repeat(64)}`],
  ["end", { content: { size: 400_000, stream: () => new Blob([WEIGHTS]).stream() } }, "300000 bytes instead of 400000"],
])("a file of another %s is named, and nothing of it stays", async (_, known, what) => {
  await expect(take([toTake(known)]).taken).rejects.toThrow(
    `onnx/model.onnx is not the file that was promised: it has ${what}`,
  );
  expect(keptBytes().filter((length) => length > 0)).toEqual([]);
});

test("a stick that was pulled out is said, by file", async () => {
  const content = {
    size: WEIGHTS.length,
    stream: () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(WEIGHTS.subarray(0, 1000));
          controller.error(new Error("the device is gone"));
        },
      }),
  };
  await expect(take([toTake({ content })]).taken).rejects.toThrow(
    "onnx/model.onnx could not be read to its end (the device is gone)",
  );
  expect(disk.open.size).toBe(0);
});

test("no room is said before anything is read", async () => {
  const content = { size: WEIGHTS.length, stream: () => expect.fail("read") };
  await expect(take([toTake({ content })], { free: 1000 }).taken).rejects.toThrow("This needs 0.3 MB");
});

test("stopped it ends with the reason", async () => {
  const stop = AbortSignal.abort(new Error("enough"));
  await expect(take([toTake()], { stop }).taken).rejects.toThrow("enough");
  expect(keptBytes().filter((length) => length > 0)).toEqual([]);
});
