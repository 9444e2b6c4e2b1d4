/** @file The hostile programs in Chromium's sandbox: right verdicts on all, and none reaches network, storage, page or GPU. Which wall holds what is in sandbox-walls.test.ts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSandboxPage, type SandboxPage } from "../../scripts/sandbox-page.ts";
import { HOSTILE, judgeHostile, SUMS } from "../../scripts/hostile.ts";
import { setTrap, type Trap } from "../../scripts/trap.ts";

let trap: Trap;
let sandbox: SandboxPage;
const asked: string[] = [];
const dialogs: string[] = [];

beforeAll(async () => {
  trap = await setTrap();
  sandbox = await openSandboxPage({ webgpu: true });
  const { page } = sandbox;
  await page.evaluate(() => {
    const channel = new BroadcastChannel("cat-lab-events");
    const heard: unknown[] = [];
    channel.onmessage = ({ data }) => heard.push(data);
    globalThis.onmessage = ({ data }) => heard.push(data);
    Object.assign(globalThis, { heard, channel });
  });
  page.context().on("request", (request) => {
    if (!/^(?:blob:|about:srcdoc$)/.test(request.url())) asked.push(request.url());
  });
  page.on("dialog", (dialog) => dialogs.push(dialog.message()));
});

afterAll(async () => {
  await sandbox.close();
  trap.close();
});

test("there are forty at least, of every kind", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(40);
  for (const kind of [
    "network",
    "storage",
    "page",
    "GPU",
    "forged",
    "beside the harness",
    "time",
    "memory",
    "output",
  ]) {
    expect(HOSTILE.filter(({ tries }) => tries.includes(kind)).length, kind).toBeGreaterThan(0);
  }
});

test.each(HOSTILE)("$id ($tries)", async (hostile) => {
  const { equal, failure, results } = await judgeHostile(hostile, sandbox.runner, trap.url);
  expect(results.map(({ expected }) => expected)).toEqual(SUMS);
  expect({ equal, failure }).toEqual({ equal: hostile.equal, failure: expect.toBeOneOf([hostile.failure].flat()) as string }); // prettier-ignore
});

test("nothing was reached: no network, no storage, no page", async () => {
  expect([trap.connections(), asked, dialogs]).toEqual([0, [], []]);
  expect(sandbox.page.context().pages()).toHaveLength(1);
  const found = await sandbox.evaluate(`(async () => ({
    heard,
    address: location.href,
    title: document.title,
    body: [...document.body.children].filter(({ tagName }) => !["SCRIPT", "IFRAME"].includes(tagName)).length,
    frames: document.querySelectorAll("iframe").length,
    stored: [localStorage.length, sessionStorage.length, document.cookie],
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
  }))()`);
  expect(found).toEqual({
    heard: [],
    address: sandbox.url,
    title: "CaT Lab: the sandbox alone",
    body: 0,
    frames: 1,
    stored: [0, 0, ""],
    databases: [],
    caches: [],
    files: [],
  });
});

test("the trap counts, and so does the page: what was not seen above was not there", async () => {
  await fetch(trap.url);
  expect(trap.connections()).toBe(1);
  const before = asked.length;
  await sandbox.evaluate('fetch("./index.html").then(() => null)');
  expect(asked).toHaveLength(before + 1);
  await sandbox.evaluate('(() => { new BroadcastChannel("cat-lab-events").postMessage("own"); })()');
  await expect.poll(() => sandbox.evaluate("heard")).toEqual(["own"]);
});
