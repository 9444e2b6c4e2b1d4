/** @file Pages with a run imported: without an engine, since they need none. */
import type { Page } from "playwright-core";
import type { LoggedEvent } from "../../src/run/event.ts";
import { importRun, type LabPage, type OpenOptions, showKept } from "../../scripts/page.ts";
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
  await importRun(page, log);
  await showKept(page, log);
  return page;
}
