/** @file A hub model in the page: downloaded from a hub on this machine, left in the middle, gone on with, run, verified, mended, deleted. The embedded model plays the hub's. */
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modelReady, type OpenOptions, runToEnd } from "../../scripts/page.ts";
import { HubServer } from "../models/hub-server.ts";
import { findings, looks } from "./axe.ts";
import { isHere, openModels, press as pressOf } from "./hub-page.ts";
import { useSite } from "./site.ts";
import { bundle, catalogue, GRAPH, ID, JUDGE, keptFiles, kittenFiles, NAME } from "./some-kitten.ts";

const site = useSite();

let hub: HubServer;
beforeEach(async () => {
  hub = new HubServer(ID);
  await hub.open();
  for (const [path, bytes] of kittenFiles()) hub.files.set(path, bytes);
});
afterEach(() => hub.close());

const open = (options: OpenOptions = {}, known: object = catalogue) => openModels(site, hub, known, options);
const press = (page: Page, what: string) => pressOf(page, what, NAME);

test("left in the middle it goes on, loads, runs, and is gone when deleted", async () => {
  const lab = await open();
  const { page } = lab;
  hub.pace = 15;
  await press(page, "Download");
  const bar = page.getByRole("progressbar", { name: `Download of ${NAME}` });
  await expect
    .poll(() => bar.evaluate((element: HTMLProgressElement) => element.value / element.max).catch(() => 0), {
      timeout: 30_000,
    })
    .toBeGreaterThan(0.4);
  await page.goto("about:blank");
  hub.pace = 0;

  await page.goto(`${site.url}#models`);
  await page.getByText("the download can go on").waitFor();
  await press(page, "Go on");
  await isHere(page);
  expect(hub.sent).toBeLessThanOrEqual(1.05 * hub.totalBytes);
  expect(hub.seen.some(({ range }) => /bytes=[1-9]\d*-$/.test(range ?? ""))).toBe(true);

  const asked = hub.seen.length;
  await page.goto("about:blank");
  await page.goto(`${site.url}#models?device=wasm`);
  await press(page, "Use in the Lab");
  await modelReady(lab);
  const [first, ...events] = await runToEnd(lab, 90_000);
  expect(first).toMatchObject({ type: "run.started", models: { policy: { id: ID, dtype: "q8" } } });
  expect(events.at(-1)?.type).toBe("run.finished");
  expect(hub.seen.length).toBe(asked);

  await page.getByRole("navigation").getByRole("link", { name: "Models" }).click();
  await page.getByText("Last used").waitFor();
  await press(page, "Delete");
  await page.getByText("No hub model is here yet.").waitFor();
  expect(await keptFiles(page)).toEqual([]);
});

test("a bundle is fetched and used as a whole, its judge included", async () => {
  hub.others.set(JUDGE, kittenFiles("kitten-judge"));
  const lab = await open({}, bundle);
  const { page } = lab;
  await page.getByRole("button", { name: "Download Small" }).click();
  await page.getByRole("button", { name: "Use in the Lab: Small" }).click();
  await page.goto(`${site.url}#lab?domain=advice&g=2&device=wasm`);
  await modelReady(lab);
  const [first, ...events] = await runToEnd(lab, 90_000);
  expect(first).toMatchObject({
    models: { policy: { id: ID }, anchor: { id: ID }, judge: { id: JUDGE, dtype: "q8" } },
    judgeIndependent: true,
  });
  expect(events.some((e) => e.type === "verdict" && e.met !== null)).toBe(true);
  expect(events.at(-1)?.type).toBe("run.finished");
});

test("damage in the browser's storage is found, and mended by that file alone", async () => {
  const { page } = await open();
  await press(page, "Download");
  await isHere(page);
  await page.evaluate(async (size) => {
    const folder = await (
      await (await navigator.storage.getDirectory()).getDirectoryHandle("models")
    ).getDirectoryHandle("files");
    for await (const handle of (folder as unknown as { values(): AsyncIterable<FileSystemFileHandle> }).values()) {
      if ((await handle.getFile()).size !== size) continue;
      const writable = await handle.createWritable({ keepExistingData: true });
      await writable.write({ type: "write", position: 1000, data: new Uint8Array([1, 2, 3, 4]) });
      await writable.close();
    }
  }, hub.files.get(GRAPH)!.length);
  await press(page, "Verify now");
  await page.getByText(`damaged or missing: ${GRAPH}`).waitFor();
  hub.sent = 0;
  await press(page, "Mend");
  await isHere(page);
  expect(hub.sent).toBeLessThanOrEqual(hub.files.get(GRAPH)!.length + 2);
  await press(page, "Verify now");
  await page.getByText("every file is what it was").waitFor();
});

test("paused it waits, cancelled it leaves nothing, and a hub without the model says so", async () => {
  const { page } = await open();
  // Slow enough that it is not whole before the press of a busy machine.
  hub.pace = 500;
  await press(page, "Download");
  await page.getByRole("progressbar", { name: `Download of ${NAME}` }).waitFor();
  await press(page, "Pause");
  await page.getByText("Paused; what came stays here.").waitFor();
  await press(page, "Cancel");
  await page.getByRole("button", { name: `Download ${NAME}` }).waitFor();
  expect(await keptFiles(page)).toEqual([]);
  hub.pace = 0;
  hub.files.delete("config.json");
  await press(page, "Download");
  const alert = await page.getByRole("alert").innerText();
  expect(alert).toContain("config.json is not at 127.0.0.1");
});

test("an id that is typed is looked up, refused by its reason or listed with licence and size, fetched, and taken off the list", async () => {
  const { page } = await open({ withoutEngine: true }, { ...catalogue, models: [] });
  const other = new Map([...hub.files].filter(([path]) => !path.includes("onnx")));
  hub.others.set("someone/no-export", other);
  const form = page.getByLabel("Any other model of the hub");
  await form.fill("someone/no-export");
  await page.getByRole("button", { name: "Look it up" }).click();
  await page.getByText("has no weights as ONNX").waitFor();
  await form.fill(`${hub.host}/${ID}/tree/main`);
  await page.getByRole("button", { name: "Look it up" }).click();
  const item = page.getByRole("listitem", { name: "some-kitten q8" });
  await item.getByRole("link", { name: "mit" }).waitFor();
  expect(await item.innerText()).toContain("about 2.4 MB");
  await page.reload();
  await item.getByRole("button", { name: "Download some-kitten q8" }).click();
  await isHere(page);
  await item.getByRole("button", { name: "Delete some-kitten q8" }).click();
  await item.getByRole("button", { name: "Take off the list: some-kitten q8" }).click();
  await item.waitFor({ state: "detached" });
});

test("another host than this machine is not even asked, and the page says why", async () => {
  const { page } = await open();
  await page.getByLabel("Host").fill("https://huggingface.co");
  await page.getByRole("button", { name: "Use this host" }).click();
  await page.getByText("may not fetch from https://huggingface.co").waitFor();
  expect(await page.getByRole("button", { name: `Download ${NAME}` }).isDisabled()).toBe(true);
});

test.each(looks)("axe finds nothing serious in %s at %i px", async (colorScheme, width) => {
  const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
  const { page } = await open({ context });
  expect(await findings(page)).toEqual([]);
  await press(page, "Download");
  await isHere(page);
  expect(await findings(page)).toEqual([]);
});
