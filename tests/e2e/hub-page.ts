/** @file The Models view with a hub on this machine and a catalogue of the test's own. Leaves out the hub (tests/models/hub-server.ts). */
import type { Page } from "playwright-core";
import type { LabPage, OpenOptions } from "../../scripts/page.ts";
import type { HubServer } from "../models/hub-server.ts";
import type { Site } from "./site.ts";

export async function openModels(
  site: Site,
  hub: HubServer,
  known: object,
  options: OpenOptions = {},
): Promise<LabPage> {
  const lab = await site.open({ view: "runs" }, options);
  const { page, context } = lab;
  await context.route("**/models/catalogue.json", (route) => route.fulfill({ json: known }));
  await context.route(
    ({ origin }) => origin === hub.host || origin === hub.storage,
    (route) => route.continue(),
  );
  await page.goto(`${site.url}#models`);
  await page.getByText("Where models are fetched from").click();
  await page.getByLabel("Host").fill(hub.host);
  await page.getByRole("button", { name: "Use this host" }).click();
  return lab;
}

/** @param what is done, as on the button; @param name of the model and its dtype */
export function press(page: Page, what: string, name: string): Promise<void> {
  return page.getByRole("button", { name: new RegExp(`^${what}:? ${name}$`) }).click();
}

export function isHere(page: Page): Promise<void> {
  return page.getByText("every file is verified").waitFor();
}

/** What a catalogue says of a model that the hub has, of whose files nothing is known beforehand unless `told`. */
export function hubEntry(
  { id, dtype, files }: { readonly id: string; readonly dtype: string; readonly files: ReadonlyMap<string, Buffer> },
  told: (path: string) => { readonly bytes: number | null; readonly sha256: string | null } = () => UNKNOWN,
): object {
  const paths = [...files.keys()].map((path) => ({ path, ...told(path) }));
  const aboutBytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    ...{ id, title: id.slice(id.indexOf("/") + 1), family: "Random", revision: null, revisionSeen: null },
    licence: { name: "MIT", url: "https://opensource.org/license/mit" },
    ...{ roles: ["policy", "anchor"], promptSet: "kitten", parameters: Math.round(aboutBytes / 4) },
    ...{ contextLength: 500, cacheNumbersPerToken: 1000, notRunnable: null, troubles: [], testedByUs: false },
    files: paths.filter(({ path }) => !path.includes(".onnx")),
    variants: [{ dtype, aboutBytes, files: paths.filter(({ path }) => path.includes(".onnx")) }],
  };
}

const UNKNOWN = { bytes: null, sha256: null };
