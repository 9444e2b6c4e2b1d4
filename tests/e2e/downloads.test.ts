/** @file Downloads that break in every way and at every stage go on where they were; what is wrong with a file is said, and nothing of it is loaded. Random weights, 20 MB in two files beside the graph. */
import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { sizedModel } from "../../scripts/sized-model.ts";
import { HubServer } from "../models/hub-server.ts";
import { breakings, sent } from "./break-downloads.ts";
import { hubEntry, isHere, openModels, press } from "./hub-page.ts";
import { useSite } from "./site.ts";
import { keptFiles } from "./some-kitten.ts";

const site = useSite();
const ID = "someone/some-noise";
const NAME = "some-noise fp32";
const DATA = "onnx/model.onnx_data";
const beside = ["model.onnx_data", "model.onnx_data_1"];

let files: Map<string, Buffer>;
beforeAll(() => {
  files = sizedModel({ width: 256, layers: 8, graph: "onnx/model.onnx", beside });
});

async function openHub(): Promise<HubServer> {
  const hub = new HubServer(ID);
  await hub.open();
  for (const [path, bytes] of files) hub.files.set(path, bytes);
  // Slower than the page, so that little is on the line when it breaks.
  Object.assign(hub, { pace: 5, pieceBytes: 16_384 });
  return hub;
}

const catalogue = () => ({ format: 1, bundles: [], models: [hubEntry({ id: ID, dtype: "fp32", files })] });
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

// At once: the last waits for the watchdog most of the time.
test("broken at 30, 60 and 95 % in each of four ways, it goes on, is whole, and cost no more than it had to", async () => {
  const made = Object.entries(breakings).map(async ([way, breaking]) => {
    const hub = await openHub();
    try {
      const { page: first } = await openModels(site, hub, catalogue(), { withoutEngine: true });
      await press(first, "Download", NAME);
      const page = await breaking({ hub, page: first, url: `${site.url}#models`, name: NAME });
      await page.getByText("every file is verified").waitFor({ timeout: 150_000 });
      await press(page, "Verify now", NAME);
      await page.getByText("every file is what it was").waitFor();
      const kept = (await keptFiles(page)).map(([path]) => path).filter((path) => path.startsWith("files/"));
      return { way, breaksLeft: hub.breaks.length, factor: hub.sent / hub.totalBytes, kept: kept.sort() };
    } finally {
      await hub.close();
    }
  });
  const names = [...files.values()].map((bytes) => `files/${sha256(bytes)}`).sort();
  for (const { way, breaksLeft, factor, kept } of await Promise.all(made)) {
    expect(breaksLeft, way).toBe(0);
    expect(factor, way).toBeLessThanOrEqual(1.05);
    expect(kept, way).toEqual(names);
  }
});

/** A third of a megabyte, of which everything is known beforehand. */
async function openSmall(): Promise<{ hub: HubServer; page: Page; alert: () => Promise<string> }> {
  const small = sizedModel({ width: 64, layers: 2, graph: "onnx/model.onnx", beside });
  const told = (path: string) => ({ bytes: small.get(path)!.length, sha256: sha256(small.get(path)!) });
  const hub = new HubServer(ID);
  await hub.open();
  for (const [path, bytes] of small) hub.files.set(path, bytes);
  const known = { format: 1, bundles: [], models: [hubEntry({ id: ID, dtype: "fp32", files: small }, told)] };
  const { page } = await openModels(site, hub, known, { withoutEngine: true });
  return { hub, page, alert: () => page.getByRole("alert").innerText() };
}

const CHANGED: Record<string, { spoil: (bytes: Buffer) => Buffer; says: RegExp }> = {
  "has another byte": { spoil: (bytes) => flipped(bytes, 1000), says: /has SHA-256 [0-9a-f]{64} instead of/ },
  "is too short": { spoil: (bytes) => bytes.subarray(0, -1), says: /has \d+ bytes at its source instead of \d+/ },
  "is too long": { spoil: (bytes) => Buffer.concat([bytes, bytes]), says: /has \d+ bytes at its source instead of/ },
};

test.each(Object.entries(CHANGED))(
  "a file that %s at its source is named, nothing is loaded, and mended there it alone is fetched",
  async (_, { spoil, says }) => {
    const { hub, page, alert } = await openSmall();
    try {
      const good = hub.files.get(DATA)!;
      hub.files.set(DATA, spoil(good));
      await press(page, "Download", NAME);
      const said = await alert();
      expect(said).toContain(DATA);
      expect(said).toMatch(says);
      expect(await page.getByRole("button", { name: `Use in the Lab: ${NAME}` }).count()).toBe(0);
      hub.files.set(DATA, good);
      const before = hub.seen.length;
      await press(page, "(Download|Go on)", NAME);
      await isHere(page);
      // Another may have been on its way when this one failed, and was stopped with it.
      const again = hub.seen.slice(before).filter(({ origin }) => origin === "storage");
      expect(again.map(({ path }) => path)).toContain(DATA);
      expect(hub.sent).toBeLessThan(hub.totalBytes + 3 * good.length);
      expect(await keptFiles(page)).toContainEqual([`files/${sha256(good)}`, good.length]);
    } finally {
      await hub.close();
    }
  },
);

test("a file that arrives damaged once is fetched again by itself, and the page says so", async () => {
  const { hub, page } = await openSmall();
  try {
    hub.faults.set(DATA, [{ kind: "corrupt", at: 1000 }]);
    await press(page, "Download", NAME);
    await isHere(page);
    await page.getByText(`${DATA} arrived damaged; it alone is fetched again.`).waitFor();
    expect(hub.sent).toBe(hub.totalBytes + hub.files.get(DATA)!.length);
  } finally {
    await hub.close();
  }
});

test("changed at its source in the middle, a file begins again, and the model is of one version or says that it is not", async () => {
  const hub = await openHub();
  try {
    const { page } = await openModels(site, hub, catalogue(), { withoutEngine: true });
    await press(page, "Download", NAME);
    await sent(hub, 0.5);
    const changed = flipped(files.get(DATA)!, 1000);
    hub.files.set(DATA, changed);
    hub.commit = "d".repeat(40);
    hub.breaks.push({ atSent: 0, kind: "cut" });
    await isHere(page);
    await page.getByText(`${DATA} begins again: its source has another version now.`).waitFor();
    await page.getByText("The hub changed this model while it was fetched").waitFor();
    expect(await keptFiles(page)).toContainEqual([`files/${sha256(changed)}`, changed.length]);
  } finally {
    await hub.close();
  }
});

test("out of room in the middle, the page says so, keeps what came, and goes on once there is room", async () => {
  const { hub, page, alert } = await openSmall();
  try {
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(site.url);
    // Chromium tells pages that there is plenty, whatever there is: the check before the start cannot know.
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 200_000 });
    await press(page, "Download", NAME);
    expect(await alert()).toMatch(/is full.*Free some space/);
    expect(await page.getByRole("button", { name: `Use in the Lab: ${NAME}` }).count()).toBe(0);
    const here = (await keptFiles(page)).reduce((sum, [, size]) => sum + size, 0);
    expect(here).toBeGreaterThan(100_000);
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    hub.sent = 0;
    await press(page, "Go on", NAME);
    await isHere(page);
    expect(hub.sent).toBeLessThan(hub.totalBytes - 50_000);
  } finally {
    await hub.close();
  }
});

function flipped(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other[at]! ^= 1;
  return other;
}
