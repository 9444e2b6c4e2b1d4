/** @file Runs are kept: stopped ones too, over a reload, and out of the page and in again. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ended, type LabPage, modelReady, runToEnd } from "../../scripts/page.ts";
import { EVENTS_CHANNEL } from "../../src/lab/protocol.ts";
import { parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { useSite } from "./site.ts";

const site = useSite();
const prompt = "Tom has 8 coins. He doubles the pile. He loses 5. How many coins does he have now?";
const RUN_MS = 90_000;

async function exported(page: Page): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name: "Export" }).click();
  return readFile(await (await download).path(), "utf8");
}

async function toRuns({ page }: LabPage): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: "Runs" }).click();
  await page.getByRole("heading", { name: "Runs" }).waitFor();
}

test("a run that was stopped on the way is there after a reload, and opens", async () => {
  const lab = await site.open({ prompt, groupSize: 16, device: "wasm" });
  const { page } = lab;
  await modelReady(lab);
  // A small model is done before a test's click arrives; so the page's own button is pressed at the first word.
  await page.evaluate((name) => {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<{ events: { type: string }[] }>) => {
      if (!data.events.some((event) => event.type === "rollout.delta")) return;
      channel.close();
      for (const button of document.querySelectorAll("button")) if (button.innerText.trim() === "Stop") button.click();
    };
  }, EVENTS_CHANNEL);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await ended(lab, 0, RUN_MS);
  expect(lab.events.at(-1)).toMatchObject({ type: "run.stopped", by: "visitor" });
  await page.getByText("This run was stopped").waitFor();

  await page.reload();
  await toRuns(lab);
  const row = page.getByRole("row").filter({ hasText: prompt });
  await row.getByText("stopped", { exact: true }).waitFor();
  await row.getByRole("button", { name: prompt, exact: true }).click();
  await page.getByText("This run was stopped").waitFor();
  expect(parseRun(await exported(page)).events).toEqual(lab.events);
});

test("what is exported here and imported elsewhere is the same run", async () => {
  const here = await site.open({ prompt, groupSize: 3, seed: 12, device: "wasm" });
  await modelReady(here);
  const events = await runToEnd(here, RUN_MS);
  const text = await exported(here.page);
  const { events: read, problem } = parseRun(text);
  expect(problem).toBeNull();
  expect(read).toEqual(events);

  const there = await site.open({ view: "runs" });
  await there.page.getByText("No runs yet.").waitFor();
  const file = { name: "run.jsonl", mimeType: "application/x-ndjson", buffer: Buffer.from(text) };
  await there.page.getByLabel("Run files to import").setInputFiles(file);
  await there.page.getByRole("button", { name: prompt, exact: true }).click();
  const again = parseRun(await exported(there.page)).events;
  expect(again.reduce(apply, emptyRun)).toEqual(events.reduce(apply, emptyRun));
});

test("a file that is not a run is refused with its line, and nothing is kept", async () => {
  const { page } = await site.open({ view: "runs" });
  await page.getByText("No runs yet.").waitFor();
  const file = {
    name: "other.jsonl",
    mimeType: "text/plain",
    buffer: Buffer.from('{"type":"run.started","format":99}\n'),
  };
  await page.getByLabel("Run files to import").setInputFiles(file);
  const alert = await page.getByRole("alert").innerText();
  expect(alert).toContain("other.jsonl");
  expect(alert).toContain("line 1");
  expect(await page.getByRole("row").count()).toBe(0);
});

test("a deleted run can be brought back", async () => {
  const lab = await site.open({ prompt, groupSize: 1, device: "wasm" });
  await modelReady(lab);
  await runToEnd(lab, RUN_MS);
  await toRuns(lab);
  const { page } = lab;
  const row = page.getByRole("row").filter({ hasText: prompt });
  await row.getByRole("button", { name: /^Delete/ }).click();
  await row.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row.waitFor();
});
