/** @file Other ways in for a carried model: a zip that is dropped, of a model that only the exporting browser knew; a folder by the browser's own dialog. Nothing is loaded. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HubServer } from "../models/hub-server.ts";
import { isHere, openModels } from "./hub-page.ts";
import { useSite } from "./site.ts";
import { catalogue, ID, kittenFiles } from "./some-kitten.ts";

const site = useSite();
const ITEM = "some-kitten q8";
let stick: string;
let hub: HubServer;
beforeEach(async () => {
  stick = mkdtempSync(join(tmpdir(), "cat-lab-stick-"));
  hub = new HubServer(ID);
  for (const [path, bytes] of kittenFiles()) hub.files.set(path, bytes);
  await hub.open();
});
afterEach(async () => {
  await hub.close();
  rmSync(stick, { recursive: true });
});

/** As from the machine's own file manager. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  }
  await session.detach();
}

test("a model whose id was typed comes back from its zip, dropped, and from a folder, picked; the hub is not asked", async () => {
  const { page } = await openModels(site, hub, { ...catalogue, models: [] }, { withoutEngine: true });
  const item = page.getByRole("listitem", { name: ITEM });
  const press = (what: string) => item.getByRole("button", { name: new RegExp(`^${what}`) }).click();
  await page.getByLabel("Any other model of the hub").fill(ID);
  await page.getByRole("button", { name: "Look it up" }).click();
  await press("Download");
  await isHere(page);
  const downloads = page.waitForEvent("download");
  await press("Export");
  const zip = join(stick, (await downloads).suggestedFilename());
  await (await downloads).saveAs(zip);
  await press("Delete");
  await press("Take off the list");
  await item.waitFor({ state: "detached" });
  hub.seen.length = 0;

  await drop(page, zip);
  await page.getByText(`Imported: ${ID}@q8.`).waitFor();
  await item.getByText("added by you").waitFor();
  expect(await item.getByRole("link").innerText()).toBe("mit");
  await press("Delete");
  await page.getByText("No hub model is here yet.").waitFor();

  // A picker cannot be driven; the folder that it would give can be made.
  await page.evaluate(
    async ([folder, paths]) => {
      const root = await navigator.storage.getDirectory();
      const picked = await root.getDirectoryHandle(folder, { create: true });
      for (const path of paths) {
        const [name, ...above] = path.split("/").reverse();
        let place = picked;
        for (const part of above.reverse()) place = await place.getDirectoryHandle(part, { create: true });
        const file = await (await place.getFileHandle(name!, { create: true })).createWritable();
        await file.write(await (await fetch(`models/kitten/${path}`)).arrayBuffer());
        await file.close();
      }
      Object.assign(globalThis, { showDirectoryPicker: () => Promise.resolve(picked) });
    },
    ["some-kitten", [...kittenFiles().keys()]] as const,
  );
  await page.getByRole("button", { name: "Import a folder" }).click();
  await page.getByText(`Imported: ${ID}@q8.`).waitFor();
  await press("Verify now");
  await page.getByText("every file is what it was").waitFor();
  expect(hub.seen).toEqual([]);
});
