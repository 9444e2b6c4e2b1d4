/** @file A page of the class server fetches a model from it, without being told where: the folder is its hub. Models are only fetched here, not loaded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { serveClass } from "../../scripts/class-server.ts";
import { openWatched } from "./site.ts";
import { siteFolder } from "./site-folder.ts";
import { catalogue, GRAPH, ID, keptFiles, kittenFiles, NAME } from "./some-kitten.ts";

let dist: string;
const models = mkdtempSync(join(tmpdir(), "cat-lab-models-"));

beforeAll(() => {
  dist = siteFolder({ "models/catalogue.json": JSON.stringify(catalogue) });
  for (const [path, bytes] of kittenFiles()) {
    mkdirSync(dirname(join(models, ID, path)), { recursive: true });
    writeFileSync(join(models, ID, path), bytes);
  }
});
afterAll(() => {
  for (const folder of [dist, models]) rmSync(folder, { recursive: true });
});

test("its models are to be had without a word, from it alone", async () => {
  const server = await serveClass(models, {}, dist);
  const browser = await launch({ webgpu: false });
  try {
    expect(server.whole).toEqual([`${ID}@q8`]);
    const { page } = await openWatched(browser, server.url, { view: "models" }, { withoutEngine: true });
    await page.getByRole("button", { name: `Download ${NAME}` }).click();
    await page.getByText("every file is verified").waitFor();
    expect((await keptFiles(page)).map(([, size]) => size)).toContain(kittenFiles().get(GRAPH)!.length);
    await page.getByText("Where models are fetched from").click();
    expect(`${await page.getByLabel("Host").inputValue()}/`).toBe(server.url);
  } finally {
    await browser.close();
    await server.close();
  }
});
