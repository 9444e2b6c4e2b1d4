/** @file The runner of programs in Chromium, called from a worker as the lab calls it. What it shares with Node is tested in tests/sandbox. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../../scripts/chromium.ts";
import { serve, type SiteServer } from "../../scripts/server.ts";
import { CACHE, ROOT } from "../../scripts/site.ts";
import type { Outcome } from "../../src/verify/code/outcome.ts";

const LIMIT_MS = 1000;
/** Stands for the lab's worker. */
const CALLER = `
import { createBrowserRunner } from "./browser-runner.js";
const runner = createBrowserRunner(${LIMIT_MS});
onmessage = async ({ data: { source, inputs } }) => {
  const start = performance.now();
  const outcomes = await runner.run({ name: "f", parameters: ["list"], source }, inputs);
  postMessage({ outcomes, ms: performance.now() - start });
};`;

const asked: string[] = [];
let site: SiteServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const outDir = join(CACHE, "sandbox-page");
  const entry = join(ROOT, "src/sandbox/browser-runner.ts");
  const lib = { entry, formats: ["es" as const], fileName: () => "browser-runner.js" };
  await build({ configFile: false, logLevel: "error", root: ROOT, publicDir: false, build: { outDir, emptyOutDir: true, target: "esnext", lib } }); // prettier-ignore
  await writeFile(join(outDir, "caller.js"), CALLER);
  await writeFile(join(outDir, "index.html"), "<!doctype html><title>Sandbox tests</title>");
  site = await serve(outDir);
  browser = await launch({ webgpu: false });
  page = await browser.newPage();
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(site.url);
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

function run(source: string, inputs: readonly (readonly unknown[])[] = [[[]]]) {
  return page.evaluate(
    (given) =>
      new Promise<{ outcomes: Outcome[]; ms: number }>((resolve) => {
        const caller = new Worker("./caller.js", { type: "module" });
        caller.onmessage = ({ data }: MessageEvent<{ outcomes: Outcome[]; ms: number }>) => {
          caller.terminate();
          resolve(data);
        };
        caller.postMessage(given);
      }),
    { source, inputs },
  );
}

test("gives an outcome for each input", async () => {
  const { outcomes } = await run("function f(list) { return list[0].length; }", [[["ab"]], [[]]]);
  expect(outcomes).toEqual([
    { type: "value", value: 2 },
    { type: "threw", error: expect.stringContaining("TypeError") as string },
  ]);
  const { outcomes: unread } = await run("function f(list) { return list.; }", [[1], [2]]);
  expect(unread.map((o) => o.type)).toEqual(["threw", "threw"]);
});

test("kills a program that will not end, within its time, and keeps what it did before", async () => {
  const { outcomes, ms } = await run("function f(list) { if (list.length > 0) return 1; for (;;) {} }", [[[1]], [[]]]);
  expect(outcomes).toEqual([
    { type: "value", value: 1 },
    { type: "failed", why: "timeout" },
  ]);
  expect(ms).toBeLessThan(LIMIT_MS + 2000);
  expect((await run("for (;;) {}\nfunction f() {}")).outcomes).toEqual([{ type: "failed", why: "timeout" }]);
});

test("a program reaches no network, no storage, no other worker, no page", async () => {
  const names = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "indexedDB", "caches", "navigator", "Worker", "BroadcastChannel", "MessageChannel", "postMessage", "self", "location", "close", "eval", "Function", "WebAssembly", "Date", "setTimeout"]; // prettier-ignore
  const { outcomes } = await run(`function f() { return [${names.map((n) => `typeof ${n}`).join()}]; }`);
  expect(outcomes).toEqual([{ type: "value", value: names.map(() => "undefined") }]);
  // Whatever hangs on the global object and its prototypes, by whatever name.
  const all = `function f() {
    const found = [];
    for (let o = globalThis; o !== null && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
      for (const key of Reflect.ownKeys(o)) if (typeof key === "string" && o[key] !== undefined) found.push(key);
    }
    return found;
  }`;
  const [left] = (await run(all)).outcomes;
  const kept = left?.type === "value" ? (left.value as string[]) : [];
  expect(kept).toContain("Array");
  expect(kept.filter((name) => /fetch|Worker|Storage|Channel|Socket|Request|navigator|location|crypto|Blob|URL/i.test(name))).toEqual([]); // prettier-ignore
  const before = asked.length;
  expect((await run(`function f() { return import("${site.url}stolen"); }`)).outcomes).toEqual([{ type: "failed", why: "refused" }]); // prettier-ignore
  const made = `function f() { return (async () => {}).constructor("return imp" + "ort('${site.url}stolen')")(); }`;
  expect((await run(made)).outcomes[0]!.type).toBe("threw");
  expect(asked.slice(before).filter((url) => url.includes("stolen"))).toEqual([]);
});

test("a program sees nothing of those before it, and its output is limited", async () => {
  await run("globalThis.left = 1; Array.prototype.map = () => 7;\nfunction f() { return 1; }");
  const { outcomes } = await run("function f(list) { return [typeof left, list.map((x) => x)]; }", [[[1]]]);
  expect(outcomes).toEqual([{ type: "value", value: ["undefined", [1]] }]);
  expect((await run("function f() { return 'x'.repeat(1e6); }")).outcomes).toEqual([
    { type: "failed", why: "too large" },
  ]);
});
