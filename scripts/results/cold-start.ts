/** @file Table: how long a first visit takes on a slow line, to the first paint, the recorded run and the first live token on wasm. */
import type { Browser, BrowserContext } from "playwright-core";
import { EVENTS_CHANNEL } from "../../src/lab/protocol.ts";
import { launch } from "../chromium.ts";
import { serve } from "../server.ts";
import { buildIfStale, DIST } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, median } from "./table.ts";

const LATENCY_MS = 40;
const RUNS = 3;
const LINES = [20, 1.5] as const;
const LONGEST_MS = 180_000;

/** Milliseconds since the navigation began. */
interface Visit {
  readonly firstPaint: number;
  readonly recordedRun: number;
  readonly firstToken: number;
}

interface Line {
  readonly megabitsPerSecond: number;
  readonly visits: readonly Visit[];
}

export const coldStart: Table<readonly Line[]> = {
  name: "cold-start",
  title: "First visit",
  command: "npm run results -- cold-start",
  inputs: ["src", "models/manifest.json", "public", "index.html", "vite.config.ts", "package-lock.json"],
  async measure(log) {
    await buildIfStale();
    const server = await serve(DIST);
    const browser = await launch({ webgpu: false });
    const lines: Line[] = [];
    const errors: string[] = [];
    try {
      for (const megabitsPerSecond of LINES) {
        const visits: Visit[] = [];
        for (let run = 0; run < RUNS; run++) {
          try {
            visits.push(await visit(browser, server.url, megabitsPerSecond));
            log(`${megabitsPerSecond} Mbit/s: ${JSON.stringify(visits.at(-1))}`);
          } catch (error) {
            errors.push(
              `a visit at ${megabitsPerSecond} Mbit/s (${error instanceof Error ? error.message : String(error)})`,
            );
          }
        }
        lines.push({ megabitsPerSecond, visits });
      }
    } finally {
      await browser.close();
      await server.close();
    }
    return { data: lines, errors };
  },
  write(lines) {
    const seconds = (values: readonly number[]) => {
      if (values.length === 0) return "–";
      const s = (ms: number) => (ms / 1000).toFixed(1);
      return `${s(median(values))} (${s(Math.min(...values))} to ${s(Math.max(...values))})`;
    };
    const rows = lines.map(({ megabitsPerSecond, visits }) => [
      `${megabitsPerSecond} Mbit/s`,
      seconds(visits.map((v) => v.firstPaint)),
      seconds(visits.map((v) => v.recordedRun)),
      seconds(visits.map((v) => v.firstToken)),
    ]);
    return [
      `Seconds from the beginning of the navigation, median (least to most) of ${RUNS} visits with an empty cache, Chromium's own throttling with ${LATENCY_MS} ms latency, wasm with one thread; Run is pressed as soon as it can be.`,
      markdownTable(["line", "first paint", "recorded run", "first live token"], rows),
    ].join("\n\n");
  },
};

async function visit(browser: Browser, url: string, megabitsPerSecond: number): Promise<Visit> {
  const context = await browser.newContext();
  try {
    return await timed(context, url, megabitsPerSecond);
  } finally {
    await context.close();
  }
}

async function timed(context: BrowserContext, url: string, megabitsPerSecond: number): Promise<Visit> {
  const page = await context.newPage();
  const bytesPerSecond = (megabitsPerSecond * 1e6) / 8;
  const session = await context.newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  await page.addInitScript((name) => {
    const times: { recordedRun?: number; firstToken?: number } = {};
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<{ events: { type: string }[] }>) => {
      if (data.events.some(({ type }) => type === "rollout.delta")) times.firstToken ??= performance.now();
    };
    let pressed = false;
    setInterval(() => {
      const recorded = document.querySelector('main[data-source="recorded"]');
      if (/\d/.test(recorded?.querySelector("article [role=group]")?.textContent ?? "")) {
        times.recordedRun ??= performance.now();
      }
      const run = [...document.querySelectorAll("button")].find((button) => button.innerText.trim() === "Run");
      if (run === undefined || run.disabled || pressed) return;
      pressed = true;
      run.click();
    }, 16);
    Object.assign(globalThis, { coldStart: times, coldStartChannel: channel });
  }, EVENTS_CHANNEL);
  await page.goto(`${url}#lab?device=wasm`, { waitUntil: "commit" });
  const measured = await page.waitForFunction(
    () => {
      const { coldStart: times } = globalThis as unknown as {
        coldStart: { recordedRun?: number; firstToken?: number };
      };
      const firstPaint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
      const { recordedRun, firstToken } = times;
      return recordedRun && firstToken && firstPaint ? { firstPaint, recordedRun, firstToken } : null;
    },
    null,
    { timeout: LONGEST_MS },
  );
  return (await measured.jsonValue())!;
}
