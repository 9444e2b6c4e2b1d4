/** @file Pages with a run imported: how a test brings one there and opens it. */
import type { Page } from "playwright-core";
import { formatEvent } from "../../src/run/lines.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import type { LabPage, OpenOptions } from "../../scripts/page.ts";
import { type Site, still } from "./site.ts";

/** The library, empty. Its engine never comes unless `options` say otherwise: what is imported seldom needs a model. */
export async function openLibrary(site: Site, options: OpenOptions = still): Promise<LabPage> {
  const lab = await site.open({ view: "runs" }, { withoutEngine: true, ...options });
  await lab.page.getByText("No runs yet.").waitFor();
  return lab;
}

/** A page with the run imported and on the stage. Its engine is as of {@link openLibrary}. */
export async function openImported(
  site: Site,
  log: readonly LoggedEvent[],
  options: OpenOptions = still,
): Promise<Page> {
  const { page } = await openLibrary(site, options);
  await importRun(page, log.map(formatEvent).join(""));
  await showKept(page, log);
  return page;
}

/** Gives the library a run file. */
export async function importRun(page: Page, text: string): Promise<void> {
  const file = { name: "run.jsonl", mimeType: "text/plain", buffer: Buffer.from(text) };
  await page.getByLabel("Run files to import").setInputFiles(file);
}

/** Opens a run of the library by the prompt of its first task. */
export async function showKept(page: Page, log: readonly LoggedEvent[]): Promise<void> {
  const { prompt } = log.reduce(apply, emptyRun).groups[0]!.task;
  await page.getByRole("button", { name: prompt, exact: true }).first().click();
  await page.getByRole("region", { name: "Run", exact: true }).getByRole("heading", { name: prompt }).waitFor();
}
