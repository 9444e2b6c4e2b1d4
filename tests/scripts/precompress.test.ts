import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compress } from "../../scripts/vite/precompress.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cat-lab-compress-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a text gets two smaller copies beside it, and stays what it was", async () => {
  const file = join(folder, "a.js");
  const text = "export const x = 1;\n".repeat(100);
  await writeFile(file, text);
  await compress(file, join(folder, "cache"));
  expect(await readFile(file, "utf8")).toBe(text);
  expect(brotliDecompressSync(await readFile(`${file}.br`)).toString()).toBe(text);
  expect(gunzipSync(await readFile(`${file}.gz`)).toString()).toBe(text);
  expect((await readdir(join(folder, "cache"))).length).toBe(2);
});

test("the second time, the bytes come from the cache", async () => {
  const file = join(folder, "a.js");
  await writeFile(file, "a".repeat(5000));
  const cache = join(folder, "cache");
  await compress(file, cache);
  const kept = (await readdir(cache)).find((name) => name.endsWith(".br"))!;
  await writeFile(join(cache, kept), "kept");
  await compress(file, cache);
  expect(await readFile(`${file}.br`, "utf8")).toBe("kept");
});

test.each([
  ["a small file", Buffer.from("a".repeat(999))],
  ["bytes without pattern", randomBytes(20_000)],
])("%s gets none", async (_, bytes) => {
  await writeFile(join(folder, "a.onnx"), bytes);
  await compress(join(folder, "a.onnx"), join(folder, "cache"));
  expect((await readdir(folder)).filter((name) => /\.(br|gz)$/.test(name))).toEqual([]);
});
