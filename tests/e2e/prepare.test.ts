/** @file A machine made ready for a class: a bundle is fetched from a hub on this machine, tried, and stands on a card that can be printed; its report names models and device, and nobody. */
import { readFileSync, rmSync } from "node:fs";
import * as v from "valibot";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { loadReportsSchema } from "../../src/models/load-report.ts";
import { HubServer } from "../models/hub-server.ts";
import { findings, looks } from "./axe.ts";
import { openWatched } from "./site.ts";
import { siteFolder } from "./site-folder.ts";
import { bundle, ID, JUDGE, kittenFiles } from "./some-kitten.ts";

const hub = new HubServer(ID);
let folder: string;
let server: SiteServer;
let browser: Browser;

beforeAll(async () => {
  folder = siteFolder({ "models/catalogue.json": JSON.stringify(bundle) });
  server = await serve(folder);
  browser = await launch({ webgpu: false });
  for (const [path, bytes] of kittenFiles()) hub.files.set(path, bytes);
  hub.others.set(JUDGE, kittenFiles("kitten-judge"));
  await hub.open();
});
afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), hub.close()]);
  rmSync(folder, { recursive: true });
});

test("a bundle is fetched and tried; the card is green, readable everywhere, and gives a report", async () => {
  const context = { serviceWorkers: "allow", reducedMotion: "reduce" } as const;
  const { page, ...lab } = await openWatched(browser, server.url, { view: "models", device: "wasm" }, { context });
  await lab.context.route(
    ({ origin }) => origin === hub.host || origin === hub.storage,
    (route) => route.continue(),
  );
  await page.getByText("Where models are fetched from").click();
  await page.getByLabel("Host").fill(hub.host);
  await page.getByRole("button", { name: "Use this host" }).click();
  await page.getByText("Prepare this machine").click();
  await page.getByRole("combobox", { name: "Models" }).selectOption("Small");
  await page.getByRole("button", { name: "Prepare", exact: true }).click();
  const card = page.getByRole("region", { name: "Ready", exact: true });
  await card.waitFor({ timeout: 120_000 });
  expect(await card.innerText()).toContain("Some kitten q8, Some judge q8; every file verified.");
  expect(hub.sent).toBeLessThanOrEqual(1.05 * (hub.totalBytes + sizeOf(hub.others.get(JUDGE)!)));

  for (const [colorScheme, width] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await card.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ media: "screen" });
  const downloads = page.waitForEvent("download");
  await card.getByRole("button", { name: "Report" }).click();
  const text = readFileSync(await (await downloads).path(), "utf8");
  const { models } = v.parse(loadReportsSchema, JSON.parse(text));
  expect(models.map(({ id }) => id).sort()).toEqual(["kitten", ID, JUDGE].sort());
  for (const { files, loads } of models) {
    expect(files.every(({ sha256 }) => text.includes(sha256))).toBe(true);
    expect(loads).toMatchObject([{ device: "wasm", adapter: null, failure: null }]);
    const { ragged, allowed } = loads[0]!.selfTest!;
    expect(ragged).toBeLessThanOrEqual(allowed);
  }
  for (const origin of [hub.host, hub.storage, new URL(server.url).origin]) expect(text).not.toContain(origin);
});

function sizeOf(files: ReadonlyMap<string, Buffer>): number {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}
