/** @file Finds Chromium, installs it where that is possible without asking, and starts it with or without WebGPU. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const WELL_KNOWN = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

export interface LaunchOptions {
  /** Offer WebGPU: on the software adapter, or on the machine's own with CATLAB_ADAPTER=hardware. */
  readonly webgpu: boolean;
  readonly args?: readonly string[];
}

/** Starts a headless browser that contacts nobody by itself. The caller closes it. */
export async function launch({ webgpu, args = [] }: LaunchOptions): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(webgpu ? webgpuArgs() : []),
      ...args,
    ],
  });
}

function webgpuArgs(): string[] {
  const adapter = process.env["CATLAB_ADAPTER"] ?? "swiftshader";
  if (adapter === "swiftshader") return ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
  if (adapter === "hardware") return ["--enable-unsafe-webgpu", "--ignore-gpu-blocklist", "--enable-features=Vulkan"];
  throw new Error(`CATLAB_ADAPTER is "${adapter}": it takes swiftshader or hardware`);
}

/** Path of a Chromium. @throws Error that says what to do when there is none. */
export function findChromium(): string {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (!runnable(named)) throw new Error(`CHROMIUM_PATH is ${named}, which is not a program: correct it or unset it`);
    return named;
  }
  return installed() ?? install();
}

function installed(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...WELL_KNOWN,
    ...playwrightCache(),
  ];
  return candidates.find(runnable) ?? null;
}

/** What `playwright install chromium` leaves behind, newest first. */
function playwrightCache(): string[] {
  const cache = process.env["PLAYWRIGHT_BROWSERS_PATH"] ?? join(homedir(), ".cache", "ms-playwright");
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => name.startsWith("chromium-"))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .flatMap((name) => ["chrome-linux64", "chrome-linux"].map((folder) => join(cache, name, folder, "chrome")));
}

function install(): string {
  const debian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (debian) {
    console.error("No Chromium here: installing the package chromium with apt-get …");
    const quiet = { stdio: ["ignore", "ignore", process.stderr] as ["ignore", "ignore", NodeJS.WriteStream] };
    try {
      execFileSync("apt-get", ["update"], quiet);
      execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], quiet);
    } catch {
      // The message below says what is left to do.
    }
    const path = installed();
    if (path !== null) return path;
  }
  throw new Error(
    "No Chromium found. Install one (Debian: sudo apt-get install chromium; others: npx playwright-core install chromium, or Google Chrome), " +
      "or set CHROMIUM_PATH to one you have.",
  );
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
