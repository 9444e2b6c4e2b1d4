/** @file A hub model carried: exported, deleted, and with the network off imported again, as a zip and as a folder; it loads and runs. Damage on the stick is named. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { HubServer } from "../models/hub-server.ts";
import { openWatched } from "./site.ts";
import { siteFolder } from "./site-folder.ts";
import { catalogue, GRAPH, ID, keptFiles, kittenFiles, NAME } from "./some-kitten.ts";

const hub = new HubServer(ID);
const stick = mkdtempSync(join(tmpdir(), "cat-lab-stick-"));
let folder: string;
let server: SiteServer;
let browser: Browser;

beforeAll(async () => {
  folder = siteFolder({ "models/catalogue.json": JSON.stringify(catalogue) });
  server = await serve(folder);
  browser = await launch({ webgpu: false });
  for (const [path, bytes] of kittenFiles()) hub.files.set(path, bytes);
  await hub.open();
});
afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), hub.close()]);
  for (const made of [folder, stick]) rmSync(made, { recursive: true });
});

test("exported, deleted, imported without a network, run", async () => {
  const lab = await openWatched(browser, server.url, { view: "lab" }, { context: { serviceWorkers: "allow" } });
  const { page, context } = lab;
  await context.route(
    ({ origin }) => origin === hub.host || origin === hub.storage,
    (route) => route.continue(),
  );
  await modelReady(lab);
  await page.getByText("Ready offline:").waitFor({ timeout: 60_000 });
  await page.goto(`${server.url}#models?device=wasm`);
  await page.getByText("Where models are fetched from").click();
  await page.getByLabel("Host").fill(hub.host);
  await page.getByRole("button", { name: "Use this host" }).click();
  await page.getByRole("button", { name: `Download ${NAME}` }).click();
  await page.getByText("every file is verified").waitFor();

  const downloads = page.waitForEvent("download");
  await page.getByRole("button", { name: `Export ${NAME}` }).click();
  const zip = join(stick, (await downloads).suggestedFilename());
  await (await downloads).saveAs(zip);
  await page.getByRole("button", { name: `Delete ${NAME}` }).click();
  await page.getByText("No hub model is here yet.").waitFor();
  expect(await keptFiles(page)).toEqual([]);

  await Promise.all([server.close(), hub.close(), context.setOffline(true)]);
  await page.getByLabel("Zips to import").setInputFiles(zip);
  await page.getByText(`Imported: ${ID}@q8.`).waitFor();
  await page.getByRole("button", { name: `Use in the Lab: ${NAME}` }).click();
  await modelReady(lab);
  const [first, ...events] = await runToEnd(lab, 90_000);
  expect(first).toMatchObject({ type: "run.started", models: { policy: { id: ID, dtype: "q8" } } });
  expect(events.at(-1)?.type).toBe("run.finished");

  // As a folder: one bit of the weights is another.
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    const place = join(stick, "folder", path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, path.endsWith(GRAPH) ? bytes.map((byte, i) => (i === 1000 ? byte ^ 1 : byte)) : bytes);
  }
  await page.getByRole("navigation").getByRole("link", { name: "Models" }).click();
  await page.getByRole("button", { name: `Delete ${NAME}` }).click();
  await page.getByText("No hub model is here yet.").waitFor();
  await page.getByLabel("Folder to import").setInputFiles(join(stick, "folder"));
  await page
    .getByRole("alert")
    .filter({ hasText: `${GRAPH} is not the file that was promised` })
    .waitFor();
  expect(await page.getByRole("button", { name: `Use in the Lab: ${NAME}` }).count()).toBe(0);
});
