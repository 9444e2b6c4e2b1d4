/** @file Writing to a full disk: it is said, whatever way the browser has of saying it, and what was there stays. */
import { afterEach, expect, test, vi } from "vitest";
import { writeAll, writeText } from "../../src/store/opfs.ts";
import { useTestFiles } from "../lab/opfs.ts";

afterEach(() => vi.unstubAllGlobals());

test("what a browser writes in parts is written whole", () => {
  const file = new Uint8Array(10);
  const write = (bytes: Uint8Array, { at }: { at: number }) => {
    file.set(bytes.subarray(0, 3), at);
    return Math.min(3, bytes.length);
  };
  writeAll({ write }, Uint8Array.of(1, 2, 3, 4, 5, 6, 7), 2);
  expect([...file]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 0]);
});

test.each([0, 2 ** 32 - 8])("a write of %i bytes means that there is no room", (count) => {
  expect(() => {
    writeAll({ write: () => count }, new Uint8Array(4), 0);
  }).toThrow(expect.objectContaining({ name: "QuotaExceededError" }) as Error);
});

test("a longer text without room leaves the one before as it was", async () => {
  const files = useTestFiles();
  const folder = await navigator.storage
    .getDirectory()
    .then((root) => root.getDirectoryHandle("runs", { create: true }));
  const text = () => files.texts.get("note.json");
  await writeText("keep it", folder, "note.json", "before");
  files.failures.set("write", new DOMException("full", "QuotaExceededError"));
  await expect(writeText("keep it", folder, "note.json", "afterwards")).rejects.toMatchObject({ code: "storage" });
  expect(text()).toBe("before");
  files.failures.clear();
  await writeText("keep it", folder, "note.json", "after");
  expect(text()).toBe("after");
});
