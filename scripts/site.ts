/** @file The built page: where it is, whether it is of today's sources, and how it is made. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");
export const DIST = join(ROOT, "dist");
export const CACHE = join(ROOT, ".cache");
const STAMP = join(CACHE, "build.sha256");

export interface BuildOptions {
  /** May the page fetch from the Hugging Face Hub (scripts/vite/hub-hosts.ts)? */
  readonly hub?: boolean;
  /** Other origins that the page may ask, with spaces between. */
  readonly allow?: string;
}

/** What `--allow` takes. */
export const ORIGINS = "origins that the page may ask, such as https://gpu.school.example:8000";

/** Everything that a build reads. */
const SOURCES = [
  "index.html",
  "package-lock.json",
  "svelte.config.js",
  "tsconfig.base.json",
  "vite.config.ts",
  "scripts/mime.ts",
  "scripts/vite",
  "src",
  "public",
  "models",
];
/** Parts of models/ that no build reads. */
const NOT_READ = /models\/recipes\/|\.safetensors$|__pycache__/;

/** Builds unless dist/ is of today's sources and of the same options. What Vite says goes to standard error. @returns whether it built. */
export async function buildIfStale(options: BuildOptions = {}): Promise<boolean> {
  const hash = sourceHash(options);
  const built = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (built === hash && existsSync(join(DIST, "index.html"))) return false;
  console.error("Building the page …");
  await build(options);
  return true;
}

/** @throws if Vite fails; what it printed says why. */
export async function build(options: BuildOptions = {}): Promise<void> {
  const { hub = false, allow = "" } = options;
  const hash = sourceHash(options);
  rmSync(STAMP, { force: true });
  await new Promise<void>((done, fail) => {
    const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
    const child = spawn(process.execPath, [vite, "build", "--logLevel", "warn"], {
      cwd: ROOT,
      // Under a test runner it is "test", and Svelte would build what developers need.
      env: { ...process.env, NODE_ENV: "production", CATLAB_HUB: hub ? "1" : "", CATLAB_ALLOW: allow },
      stdio: ["ignore", process.stderr, process.stderr],
    });
    child.on("error", fail);
    child.on("exit", (status) => {
      if (status === 0) done();
      else fail(new Error(`vite build failed with status ${status ?? "none"} (above)`));
    });
  });
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(STAMP, hash);
}

function sourceHash({ hub = false, allow = "" }: BuildOptions): string {
  const hash = createHash("sha256")
    .update(hub ? "hub" : "")
    .update(allow);
  for (const path of SOURCES.flatMap(filesBelow)) {
    hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest("hex");
}

/** Files at or below a path of the project, sorted; recipes, training weights and caches left out. */
export function filesBelow(path: string): string[] {
  const found = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((file) => !NOT_READ.test(file))
    .sort();
}
