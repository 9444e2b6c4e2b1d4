/** @file Table: a run of each domain in the built page, on WebGPU and on wasm: does it end, how long does it take, do both devices come to the same? */
import type { Browser } from "playwright-core";
import type { LoggedEvent } from "../../src/run/event.ts";
import { domains } from "../../src/ui/state/domains.ts";
import { launch } from "../chromium.ts";
import { modelReady, openLab, runToEnd } from "../page.ts";
import { serve } from "../server.ts";
import { buildIfStale, DIST } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable } from "./table.ts";

const DEVICES = ["wasm", "webgpu"] as const;
const SEED = 1;
const GROUP_SIZE = 2;
const LONGEST_MS = 900_000;

interface PageRun {
  readonly domain: string;
  readonly device: (typeof DEVICES)[number];
  /** Its last event. */
  readonly ended: string;
  /** From its first event to its last. */
  readonly seconds: number;
  /** Every choice that was made: tokens of the rollouts, text of the reference, criteria. */
  readonly said: string;
  /** Rewards, verdicts and sources. */
  readonly decided: string;
}

export const pageRuns: Table<readonly PageRun[]> = {
  name: "page-runs",
  title: "Each domain in the page",
  command: "npm run results -- page-runs",
  inputs: ["src", "models/manifest.json", "package-lock.json"],
  async measure(log) {
    await buildIfStale();
    const server = await serve(DIST);
    const browser = await launch({ webgpu: true });
    const data: PageRun[] = [];
    const errors: string[] = [];
    try {
      for (const domain of domains) {
        for (const device of DEVICES) {
          try {
            data.push(await run(browser, server.url, domain, device));
            log(`${domain.id} on ${device}: ${data.at(-1)!.seconds.toFixed(1)} s`);
          } catch (error) {
            errors.push(`${domain.id} on ${device} (${error instanceof Error ? error.message : String(error)})`);
          }
        }
      }
    } finally {
      await browser.close();
      await server.close();
    }
    return { data, errors };
  },
  write(runs) {
    const rows = runs.map(({ domain, device, ended, seconds, said, decided }) => {
      const wasm = runs.find((other) => other.domain === domain && other.device === "wasm");
      const same = (is: (other: PageRun) => boolean) => {
        if (device === "wasm") return "";
        return wasm === undefined ? "–" : is(wasm) ? "yes" : "no";
      };
      const name = device === "webgpu" ? "WebGPU" : device;
      return [
        domain,
        name,
        ended,
        seconds.toFixed(1),
        same((w) => w.said === said),
        same((w) => w.decided === decided),
      ];
    });
    return [
      `The built page in Chromium, seed ${SEED}, ${GROUP_SIZE} rollouts, from Run to the last event with everything that a visitor gets (other methods, sources). WebGPU is Chromium's software adapter: its times say nothing about a graphics card.`,
      markdownTable(
        [
          "domain",
          "device",
          "last event",
          "seconds",
          "same tokens, reference and rubric as wasm",
          "same rewards and verdicts",
        ],
        rows,
      ),
    ].join("\n\n");
  },
};

/** The domain's first example. */
async function run(
  browser: Browser,
  url: string,
  { id: domain, examples }: (typeof domains)[number],
  device: PageRun["device"],
): Promise<PageRun> {
  const { prompt } = examples[0];
  const link = { view: "lab", prompt, domain, seed: SEED, groupSize: GROUP_SIZE, device } as const;
  const lab = await openLab(browser, url, link);
  try {
    await modelReady(lab);
    const events = await runToEnd(lab, LONGEST_MS);
    const last = events.at(-1)!;
    return {
      domain,
      device,
      ended: last.type,
      seconds: last.atMs / 1000,
      said: said(events),
      decided: decided(events),
    };
  } finally {
    await lab.context.close();
  }
}

function said(events: readonly LoggedEvent[]): string {
  return JSON.stringify(
    events.flatMap((e): unknown[] => {
      if (e.type === "rollout.finished") return [[e.rollout, e.tokenIds]];
      if (e.type === "reference.finished") return e.aggregator === "synthesis" ? [e.text] : [];
      return e.type === "rubric.finished" ? [e.criteria] : [];
    }),
  );
}

function decided(events: readonly LoggedEvent[]): string {
  return JSON.stringify(
    events.flatMap((e): unknown[] => {
      if (e.type === "reward") return [[e.rollout, e.value]];
      if (e.type === "verdict") return [[e.rollout, e.criterion, e.met]];
      return e.type === "sources" ? e.found.map((f) => [f.rollout, f.step, f.stance]) : [];
    }),
  );
}
