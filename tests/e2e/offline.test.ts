/** @file The page without a network: after one visit it opens and runs from what it kept, again and again; and a newer version is taken on the visitor's word alone. */
import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { type LabPage, modelReady, runToEnd } from "../../scripts/page.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { DIST } from "../../scripts/site.ts";
import { openWatched } from "./site.ts";
import { siteFolder } from "./site-folder.ts";

const WORKER = "service-worker.js";
/** With a service worker of its own, which a test can change. */
let folder: string;
const prefix = "/some/where/";
let server: SiteServer;
let browser: Browser;

beforeAll(async () => {
  folder = siteFolder({ [WORKER]: readFileSync(join(DIST, WORKER), "utf8") });
  server = await serve(folder, { prefix });
  browser = await launch({ webgpu: false });
});
afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const kept = ({ page }: LabPage) => page.getByText("Ready offline:").waitFor({ timeout: 60_000 });

test("kept once the model is ready; offline Compute as Teacher runs, also on a second visit; a newer version waits", async () => {
  const link = { view: "lab", prompt: "What is the square root of 16?", groupSize: 2 } as const;
  const asked: string[] = [];
  const lab = await openWatched(browser, server.url, link, { context: { serviceWorkers: "allow" } });
  const { page, context } = lab;
  page.on("request", (request) => asked.push(request.url()));
  await modelReady(lab);
  await kept(lab);
  // The runtime for WebGPU is kept only where it is used.
  const [gpuRuntime] = readdirSync(join(DIST, "assets")).filter((name) => /\.jspi-.*\.wasm$/.test(name));
  const gpuKept = () =>
    page.evaluate(async (name) => (await caches.match(`assets/${name}`)) !== undefined, gpuRuntime!);
  expect(await gpuKept()).toBe(false);
  await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((done) => (port1.onmessage = done));
    navigator.serviceWorker.controller!.postMessage({ type: "keep", gpu: true }, [port2]);
    await answer;
  });
  expect(await gpuKept()).toBe(true);

  const { port } = server;
  await server.close();
  await page.reload();
  await modelReady(lab);
  expect((await runToEnd(lab, 60_000)).at(-1)?.type).toBe("run.finished");
  await page.goto("about:blank");
  // Programs run in a frame that no service worker reaches.
  await page.goto(`${server.url}?present#lab?domain=lists&g=2&device=wasm`);
  await modelReady(lab);
  const programs = await runToEnd(lab, 60_000);
  expect(programs.at(-1)?.type).toBe("run.finished");
  expect(programs.some(({ type }) => type === "tests")).toBe(true);
  await page.goto(`${server.url}#models`);
  await page.getByText("ready offline", { exact: true }).waitFor();
  // A machine that was prepared once can be tried again without a network.
  await page.getByText("Prepare this machine").click();
  await page.getByRole("button", { name: "Prepare", exact: true }).click();
  const card = page.getByRole("region", { name: "Ready", exact: true });
  await card.waitFor({ timeout: 60_000 });
  const found = card.locator("dl > div");
  expect((await found.locator("dt").allInnerTexts()).map((text) => text.split(/\s+/).at(-1))).toEqual([
    ...["Graphics", "Room", "Keeping", "Offline", "Models", "Policy", "Judge"],
  ]);
  await page.emulateMedia({ media: "print" });
  expect(await card.isVisible()).toBe(true);
  expect(await page.getByRole("navigation").isVisible()).toBe(false);
  expect(await page.getByRole("heading", { name: "Models" }).isVisible()).toBe(false);
  await page.emulateMedia({ media: "screen" });
  const { origin } = new URL(server.url);
  expect(asked.filter((url) => !url.startsWith(origin) && !/^(blob|data|about):/.test(url))).toEqual([]);

  server = await serve(folder, { prefix, port });
  appendFileSync(join(folder, WORKER), "// newer\n");
  await page.goto(`${server.url}#lab`);
  await page.reload();
  const take = page.getByRole("button", { name: "Reload into it" });
  await take.waitFor({ timeout: 60_000 });
  const other = await context.newPage();
  await other.goto(`${server.url}#runs`);
  await take.click();
  await page.getByText("Another window of this page").waitFor();
  await other.close();
  await modelReady(lab);
  await page.getByRole("slider", { name: "G, number of answers" }).fill("16");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("It can be used when the run has ended.").waitFor();
  expect(await take.isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Stop" }).click();
  const reloaded = page.waitForEvent("load");
  await take.click();
  await reloaded;
  await kept(lab);
  expect(await take.isVisible()).toBe(false);
});
