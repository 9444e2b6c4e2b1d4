/** @file Models as zips: what is written is what others read (fflate's reader), what others write is read here, damage is named, and a piece that is in a file already is not copied. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { expect, test, vi } from "vitest";
import { modelZip } from "../../src/lab/model-zip.ts";
import { filesInZip } from "../../src/lab/zip-files.ts";

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const path = fc.constantFrom("config.json", "onnx/model_q4.onnx", "onnx/model_q4.onnx_data", "a/ü.txt");
const folder = fc.dictionary(
  path,
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => new Uint8Array(bytes)),
);

function zipped(contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>>, damaged?: string) {
  const files = Object.entries(contents).map(([name, bytes]) => ({
    path: name,
    bytes: bytes.length,
    sha256: sha(bytes),
  }));
  const kept = { model: "an/owner@q4", revision: null, commit: null, savedAt: "", usedAt: null, files };
  const open = (sha256: string) => {
    const { path: name } = files.find((file) => file.sha256 === sha256)!;
    return Promise.resolve(new Blob([name === damaged ? contents[name]!.map((byte) => byte ^ 1) : contents[name]!]));
  };
  return modelZip(kept, { entry: null, open, stop: new AbortController().signal, reached: () => undefined });
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

/** As read here. */
async function read(name: string, zip: Blob): Promise<Record<string, Uint8Array>> {
  const found = await filesInZip(name, zip);
  const entries = found.map(async ({ path: place, content }) => {
    const bytes = new Uint8Array(await new Response(content.stream()).arrayBuffer());
    expect(bytes.length).toBe(content.size);
    return [place, bytes] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test("others read what is written, byte for byte, with a note of what it is", async () => {
  await fc.assert(
    fc.asyncProperty(folder, async (contents) => {
      const zip = await zipped(contents);
      const { "an/owner/cat-lab-q4.json": note, ...files } = unzipSync(await bytesOf(zip));
      const named = Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [`an/owner/${name}`, bytes]));
      expect(files).toEqual(named);
      const said = JSON.parse(new TextDecoder().decode(note)) as { files: { path: string; sha256: string }[] };
      expect(said.files.map(({ sha256 }) => sha256)).toEqual(Object.values(contents).map(sha));
      const back = await read("some.zip", zip);
      for (const [name, bytes] of Object.entries(contents)) expect(back[`some/an/owner/${name}`]).toEqual(bytes);
    }),
    { numRuns: 30 },
  );
});

test("what others pack is read, with bytes that look like the marks of a zip", async () => {
  const mark = new Uint8Array([0x50, 0x4b, 7, 8, 0x50, 0x4b, 1, 2, 0x50, 0x4b, 5, 6]);
  const contents = { "model/a.txt": new TextEncoder().encode("again ".repeat(500)), "model/b": mark };
  expect(await read("a.zip", new Blob([zipSync(contents, { level: 9 })]))).toEqual({
    "a/model/a.txt": contents["model/a.txt"],
    "a/model/b": mark,
  });
});

test("a damaged file is named, and no zip is made", async () => {
  const contents = { "config.json": new Uint8Array([1]), "onnx/model_q4.onnx": new Uint8Array(50) };
  await expect(zipped(contents, "onnx/model_q4.onnx")).rejects.toThrow("onnx/model_q4.onnx was damaged");
});

test("what is no zip says so", async () => {
  await expect(filesInZip("notes.zip", new Blob(["not a zip"]))).rejects.toThrow("notes.zip cannot be opened as a zip");
});

test("weights are not copied: the zip is made of slices of the kept file", async () => {
  const made: unknown[][] = [];
  const RealBlob = Blob;
  vi.stubGlobal(
    "Blob",
    class extends RealBlob {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super(parts, options);
        made.push(parts);
      }
    },
  );
  await zipped({ "onnx/model_q4.onnx": new Uint8Array(9 * 2 ** 20) });
  vi.unstubAllGlobals();
  const last = made.at(-1)!;
  const inMemory = last.filter((part) => part instanceof Uint8Array).reduce((sum, part) => sum + part.length, 0);
  expect(inMemory).toBeLessThan(2000);
  expect(last.filter((part) => part instanceof RealBlob)).toHaveLength(3);
});
