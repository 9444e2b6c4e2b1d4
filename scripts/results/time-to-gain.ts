/** @file Table: from pressing Start to a gain that can be seen, in the built page with its own choices, on wasm with one thread. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { readEvents } from "../../src/run/lines.ts";
import { applyToTraining, emptyTraining, type Evaluation } from "../../src/run/training.ts";
import { launch } from "../chromium.ts";
import { openLab } from "../page.ts";
import { serve } from "../server.ts";
import { buildIfStale, DIST } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

const DOMAINS = ["sums", "lists"] as const;
const STEPS = 20;
const GAIN = 1.2;
const LONGEST_MS = 1_800_000;

interface Measured {
  readonly domain: string;
  /** From Start to the first event, ms: the model is loaded for training. */
  readonly loadMs: number;
  /** The start's and those after it; `atMs` since the first event. */
  readonly scores: readonly Pick<Evaluation & { readonly atMs: number }, "step" | "score" | "atMs">[];
}

export const timeToGain: Table<readonly Measured[]> = {
  name: "time-to-gain",
  title: "From Start to a visible gain in the page",
  command: "npm run results -- time-to-gain",
  inputs: ["src", "models/manifest.json", "models/kitten/model.safetensors", "package-lock.json"],
  async measure(log) {
    await buildIfStale();
    const server = await serve(DIST);
    const browser = await launch({ webgpu: false });
    const data: Measured[] = [];
    const errors: string[] = [];
    try {
      for (const domain of DOMAINS) {
        try {
          const { page, context } = await openLab(browser, server.url, {
            ...{ view: "train", device: "wasm", training: `domain=${domain}` },
          });
          data.push({ domain, ...(await train(page)) });
          await context.close();
          log(`${domain}: ${JSON.stringify(data.at(-1)!.scores)}`);
        } catch (error) {
          errors.push(`${domain} (${error instanceof Error ? error.message : String(error)})`);
        }
      }
    } finally {
      await browser.close();
      await server.close();
    }
    return { data, errors };
  },
  write(measured) {
    const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
    const rows = measured.map(({ domain, loadMs, scores: [start, ...later] }) => {
      const gained = later.find(({ score }) => score.mean >= GAIN * start!.score.mean);
      const at = ({ step, atMs, score }: (typeof later)[number]): string =>
        `${percent(score.mean, score.se)} after ${step} steps, ${minutes(loadMs + atMs)} min`;
      return [
        domain,
        `${percent(start!.score.mean, start!.score.se)}, ${minutes(loadMs + start!.atMs)} min`,
        later.map(at).join("; "),
        gained === undefined ? `not within ${STEPS} steps` : minutes(loadMs + gained.atMs),
      ];
    });
    return [
      `The Train view with the choices it comes with, one training each, Chromium without a GPU. Minutes from pressing Start, the measuring of the start and its fixed lines included, to the first evaluation whose score is at least ${GAIN} × the start's.`,
      markdownTable(["domain", "start", "evaluations", "minutes to a gain"], rows),
    ].join("\n\n");
  },
};

/** Trains until the evaluation after {@link STEPS} steps has come. */
async function train(page: Page): Promise<Omit<Measured, "domain">> {
  const status = page.getByRole("region", { name: "Where it stands" });
  const title = status.getByRole("heading");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const pressed = performance.now();
  await title.filter({ hasText: /^Measuring the start/ }).waitFor({ timeout: LONGEST_MS });
  const loadMs = performance.now() - pressed;
  // The step after the evaluation says that the evaluation is there.
  await title.filter({ hasText: new RegExp(`^${STEPS + 1} steps made`) }).waitFor({ timeout: LONGEST_MS });
  await status.getByRole("button", { name: "Pause" }).click();
  await title.filter({ hasText: /^Paused after/ }).waitFor({ timeout: LONGEST_MS });
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Log/ }).click();
  let training = emptyTraining();
  const times = new Map<number, number>();
  const text = await readFile(await (await download).path(), "utf8");
  readEvents(text, (event) => {
    training = applyToTraining(training, event);
    if (event.type === "evaluation" && event.aggregator === undefined) times.set(event.step, event.atMs);
  });
  const scores = training.scores.map(({ step, score }) => ({ step, score, atMs: times.get(step)! }));
  return { loadMs, scores };
}
