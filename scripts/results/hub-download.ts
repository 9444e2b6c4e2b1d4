/** @file Table: a model of a gigabyte from a hub on this machine: downloads that break in four ways at 30, 60 and 95 %, and the memory that its load takes with each build of ONNX Runtime. */
import { createHash } from "node:crypto";
import type { Browser, BrowserContext } from "playwright-core";
import { breakings } from "../../tests/e2e/break-downloads.ts";
import { hubEntry, openModels, press } from "../../tests/e2e/hub-page.ts";
import { keptFiles } from "../../tests/e2e/some-kitten.ts";
import { HubServer } from "../../tests/models/hub-server.ts";
import { launch } from "../chromium.ts";
import { type LabPage, modelReady, openLab, runToEnd } from "../page.ts";
import { serve } from "../server.ts";
import { sizedModel } from "../sized-model.ts";
import { buildIfStale, DIST } from "../site.ts";
import type { Table } from "./entry.ts";
import { watchMemory } from "./page-memory.ts";
import { markdownTable } from "./table.ts";

const ID = "someone/some-noise";
const NAME = "some-noise fp32";
/** Nearly all of it looked up and not multiplied with, or a software adapter would take minutes for a step. */
const SIZE = {
  ...{ width: 1024, layers: 2, tables: { count: 8, rows: 28_000 } },
  ...{ graph: "onnx/model.onnx", beside: ["model.onnx_data", "model.onnx_data_1"] },
};
const LONGEST_MS = 600_000;

/** Which build a load takes. */
const BUILDS = {
  "WebGPU, JSPI": { device: "webgpu", waits: true },
  "WebGPU, asyncify": { device: "webgpu", waits: false },
  wasm: { device: "wasm", waits: true },
} as const;

interface Download {
  readonly way: string;
  readonly seconds: number;
  /** Bytes sent, of the files' own. */
  readonly factor: number;
  readonly right: boolean;
}

interface Load {
  readonly build: string;
  readonly seconds: number;
  /** Bytes, of page and GPU process. */
  readonly before: number;
  readonly peak: number;
}

interface Found {
  readonly bytes: number;
  readonly downloads: readonly Download[];
  readonly loads: readonly Load[];
}

export const hubDownload: Table<Found> = {
  name: "hub-download",
  title: "A gigabyte from a hub",
  command: "npm run results -- hub-download",
  inputs: ["src", "package-lock.json"],
  async measure(log) {
    await buildIfStale();
    const files = sizedModel(SIZE);
    const names = [...files.values()]
      .map((bytes) => `files/${createHash("sha256").update(bytes).digest("hex")}`)
      .sort();
    const server = await serve(DIST);
    const browser = await launch({ webgpu: true });
    const downloads: Download[] = [];
    const loads: Load[] = [];
    const errors: string[] = [];
    const failed = (what: string) => (error: unknown) => {
      errors.push(`${what} (${String(error)})`);
      log(errors.at(-1)!);
    };
    try {
      for (const [way, breaking] of Object.entries(breakings)) {
        await withHub(files, async (hub) => {
          const { page: first, context } = await openAt(browser, server.url, hub, files);
          const start = performance.now();
          try {
            await press(first, "Download", NAME);
            const page = await breaking({ hub, page: first, url: `${server.url}#models`, name: NAME });
            await page.getByText("every file is verified").waitFor({ timeout: LONGEST_MS });
            const seconds = (performance.now() - start) / 1000;
            const kept = (await keptFiles(page)).map(([path]) => path).filter((path) => path.startsWith("files/"));
            const right = kept.sort().join() === names.join();
            downloads.push({ way, seconds, factor: hub.sent / hub.totalBytes, right });
            log(JSON.stringify(downloads.at(-1)));
          } finally {
            await context.close();
          }
        }).catch(failed(way));
      }
      for (const build of Object.keys(BUILDS)) {
        await withHub(files, async (hub) => {
          const lab = await openAt(browser, server.url, hub, files);
          try {
            loads.push(await load(build as keyof typeof BUILDS, lab, server.url));
            log(JSON.stringify(loads.at(-1)));
          } finally {
            await lab.context.close();
          }
        }).catch(failed(build));
      }
    } finally {
      await browser.close();
      await server.close();
    }
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    return { data: { bytes, downloads, loads }, errors };
  },
  write({ bytes, downloads, loads }) {
    const gigabytes = (count: number): string => (count / 1e9).toFixed(2);
    const broken = downloads.map(({ way, seconds, factor, right }) => {
      return [way, factor.toFixed(4), right ? "right" : "WRONG", seconds.toFixed(0)];
    });
    const loaded = loads.map(({ build, seconds, before, peak }) => {
      const risen = `${((peak - before) / bytes).toFixed(2)} ×`;
      return [build, risen, gigabytes(before), gigabytes(peak), seconds.toFixed(0)];
    });
    return [
      `Random weights of ${gigabytes(bytes)} GB in two files beside their graph. Downloaded in the Models view, broken at 30, 60 and 95 % each; bytes that the hub sent in all, as a multiple of the files'.`,
      markdownTable(["broken three times because", "bytes sent", "hashes", "seconds"], broken),
      "Then used in the Lab, until the self-test has passed: memory of the page and the GPU process (its memory is the GPU's with a software adapter), each with its share of what both have. Above before: by how many times the model's size it rose at most.",
      markdownTable(["build of ONNX Runtime", "above before", "before, GB", "peak, GB", "seconds"], loaded),
    ].join("\n\n");
  },
};

async function withHub(files: ReadonlyMap<string, Buffer>, work: (hub: HubServer) => Promise<void>): Promise<void> {
  const hub = new HubServer(ID);
  await hub.open();
  for (const [path, bytes] of files) hub.files.set(path, bytes);
  // Slower than the page, so that little is on the line when it breaks.
  Object.assign(hub, { pieceBytes: 131_072, pace: 4 });
  try {
    await work(hub);
  } finally {
    await hub.close();
  }
}

function openAt(browser: Browser, url: string, hub: HubServer, files: ReadonlyMap<string, Buffer>) {
  const site = { url, open: (link = {}, options = {}) => openLab(browser, url, { view: "lab", ...link }, options) };
  const known = { format: 1, bundles: [], models: [hubEntry({ id: ID, dtype: "fp32", files })] };
  return openModels(site, hub, known);
}

async function load(build: keyof typeof BUILDS, lab: LabPage, url: string): Promise<Load> {
  const { device, waits } = BUILDS[build];
  const { page, context } = lab;
  if (!waits) await withoutWaiting(context);
  await press(page, "Download", NAME);
  await page.getByText("every file is verified").waitFor({ timeout: LONGEST_MS });
  // A page of its own: nothing is left of the download.
  await page.goto("about:blank");
  await page.goto(`${url}#models?device=${device}`);
  await page.getByRole("button", { name: `Use in the Lab: ${NAME}` }).waitFor();
  const memory = watchMemory();
  const start = performance.now();
  await press(page, "Use in the Lab", NAME);
  await modelReady(lab);
  const seconds = (performance.now() - start) / 1000;
  const peak = memory.stop();
  const events = await runToEnd(lab, LONGEST_MS);
  const last = events.at(-1)?.type;
  if (last !== "run.finished") throw new Error(`a run with it ended with ${last ?? "nothing"}`);
  return { build, seconds, before: memory.before, peak };
}

/** Takes from the worker what page-runtime.ts looks for. */
async function withoutWaiting(context: BrowserContext): Promise<void> {
  await context.route("**/lab.worker-*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `delete WebAssembly.Suspending;\n${await response.text()}` });
  });
}
