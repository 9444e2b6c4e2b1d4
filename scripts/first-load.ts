/** @file Lists the JavaScript that the built page loads before ONNX Runtime (page and worker, static imports), for size-limit to weigh. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { parseSync } from "vite";
import { runCommand } from "./options.ts";
import { CACHE, DIST } from "./site.ts";

export interface FirstLoadFile {
  /** Relative to dist/. */
  readonly path: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/**
 * The page's entry, the worker, and what they import statically; what they import later is not among them.
 * @throws if the build has no entry, or if ONNX Runtime is in the list: it must come by a later import.
 */
export function firstLoad(dist: string): FirstLoadFile[] {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const entries = [...html.matchAll(/<script[^>]*\ssrc="([^"]+\.js)"/g)].map((match) => resolve(dist, match[1] ?? ""));
  const workers = readdirSync(join(dist, "assets"))
    .filter((name) => /^lab\.worker-[\w-]+\.js$/.test(name))
    .map((name) => join(dist, "assets", name));
  if (entries.length === 0 || workers.length === 0) throw new Error(`${dist} has no page or no worker: npm run build`);
  const found = new Set<string>();
  const queue = [...entries, ...workers];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    queue.push(...staticImports(path));
  }
  return [...found].sort().map((path) => {
    const bytes = readFileSync(path);
    if (bytes.includes("ort-wasm-simd-threaded")) {
      throw new Error(`${relative(dist, path)} contains ONNX Runtime: import it later`);
    }
    return { path: relative(dist, path), bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length };
  });
}

function staticImports(path: string): string[] {
  const { body } = parseSync(path, readFileSync(path, "utf8")).program;
  return body.flatMap((statement) => {
    const source = "source" in statement ? statement.source?.value : undefined;
    return typeof source === "string" && source.startsWith(".") ? [resolve(dirname(path), source)] : [];
  });
}

/** Copies the files to one folder, where .size-limit.json finds them. */
function stage(files: readonly FirstLoadFile[]): void {
  const folder = join(CACHE, "first-load");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path } of files) copyFileSync(join(DIST, path), join(folder, basename(path)));
}

if (process.argv[1] === import.meta.filename) {
  await runCommand(() => {
    const files = firstLoad(DIST);
    stage(files);
    for (const { path, gzipBytes } of files) console.log(`${(gzipBytes / 1000).toFixed(1).padStart(7)} kB  ${path}`);
    const total = files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  JavaScript before ONNX Runtime, gzip`);
    return Promise.resolve(0);
  });
}
