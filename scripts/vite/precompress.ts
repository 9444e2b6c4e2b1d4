/** @file Vite plugin: `.br` and `.gz` beside the large text-like files of a build, for servers that can send them. Others ignore them. */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const EXTENSIONS = new Set([
  ".wasm",
  ".js",
  ".mjs",
  ".css",
  ".json",
  ".jsonl",
  ".onnx",
  ".svg",
  ".html",
  ".webmanifest",
]);
const SMALLEST_BYTES = 1000;
/** Above this, brotli's best qualities take half a minute for a tenth less. */
const LARGE_BYTES = 1_000_000;

/** @param cache folder that keeps compressed bytes by the hash of their source, between builds. */
export function precompress(cache: string): Plugin {
  let outDir = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    // After every writeBundle: the models are there by then.
    closeBundle: {
      order: "post",
      async handler() {
        for (const path of await readdir(outDir, { recursive: true })) {
          if (EXTENSIONS.has(extname(path))) await compress(join(outDir, path), cache);
        }
      },
    },
  };
}

/** Writes the variants beside a file that is large enough and shrinks. */
export async function compress(path: string, cache: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < SMALLEST_BYTES) return;
  const quality = bytes.length > LARGE_BYTES ? 9 : 11;
  const hash = createHash("sha256").update(bytes).digest("hex");
  const brotli = () =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
  const variants = [
    { suffix: ".br", key: `${hash}.q${quality}.br`, make: brotli },
    { suffix: ".gz", key: `${hash}.gz`, make: () => promisify(gzip)(bytes, { level: 9 }) },
  ];
  for (const { suffix, key, make } of variants) {
    const small = await cached(join(cache, key), make);
    // Weights hardly shrink; a file that saves nothing is not worth a request header.
    if (small.length < bytes.length * 0.95) await writeFile(path + suffix, small);
  }
}

async function cached(path: string, make: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    const made = await make();
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(`${path}.part`, made);
    await rename(`${path}.part`, path);
    return made;
  }
}
