/**
 * @file What the frame holds back by itself, in a page without any policy, shown with scripts that run in it without the harness: no program is one of these, but one wall at a time must not be enough.
 * Which is which, and what only the harness holds, is the table of docs/decisions/0013-sandbox.md.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSandboxPage, type SandboxPage } from "../../scripts/sandbox-page.ts";
import { setTrap, type Trap } from "../../scripts/trap.ts";

let trap: Trap;
let sandbox: SandboxPage;

beforeAll(async () => {
  trap = await setTrap();
  sandbox = await openSandboxPage({ webgpu: true });
  // A page without a policy of its own, which would go on to the frame and hide what the frame's is worth.
  const { page, url } = sandbox;
  await page.route(url, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, "");
    expect(body).not.toContain("default-src");
    await route.fulfill({ response, body });
  });
  await page.reload();
  await page.waitForFunction(() => "runBare" in globalThis);
});

afterAll(async () => {
  await sandbox.close();
  trap.close();
});

/** What came of an expression: its value as text, or the name of what it threw. */
async function bare(expression: string, frame = "a"): Promise<unknown> {
  const script = `(async () => {
    const URLS = { trap: "${trap.url}", page: "${sandbox.url}" };
    const settled = (target, good) => new Promise((resolve, reject) => { target["on" + good] = () => resolve("REACHED"); target.onerror = () => reject(target.error ?? { name: "error" }); });
    const blob = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    try { postMessage([String(await (${expression}))]); } catch (error) { postMessage(["threw " + error.name]); }
  })();`;
  const said = await sandbox.page.evaluate(([text, name]) => globalThis.runBare(text, name, 5000), [
    script,
    frame,
  ] as const);
  return said?.[0] ?? "nothing";
}

test("the frame runs what it is given", async () => {
  expect(await bare("1 + 1")).toBe("2");
});

// The frame's policy: nothing may be connected to, and no script loaded, not even the page's own.
test.each([
  ["fetch", "fetch(URLS.trap)", "threw TypeError"],
  ["fetch of the page", "fetch(URLS.page)", "threw TypeError"],
  ["fetch without an answer", 'fetch(URLS.trap, { mode: "no-cors", keepalive: true })', "threw TypeError"],
  ["fetch of its own script", "fetch(location.href)", "threw TypeError"],
  ["XMLHttpRequest", '(() => { const x = new XMLHttpRequest(); x.open("GET", URLS.trap, false); x.send(); })()', "threw NetworkError"], // prettier-ignore
  ["WebSocket", 'settled(new WebSocket(URLS.trap.replace("http", "ws")), "open")', "threw error"],
  ["EventSource", 'settled(new EventSource(URLS.trap), "open")', "threw error"],
  ["FontFace", 'new FontFace("x", `url(${URLS.trap})`).load()', "threw NetworkError"],
  ["importScripts", "importScripts(URLS.trap)", "threw NetworkError"],
  ["importScripts of the page", 'importScripts(URLS.page + "main.js")', "threw NetworkError"],
  ["importScripts of text", 'importScripts("data:text/javascript,1")', "threw NetworkError"],
  ["importScripts of a blob", 'importScripts(blob("1"))', "threw NetworkError"],
  ["import", "import(URLS.trap)", "threw TypeError"],
  ["import of text", 'import("data:text/javascript,1")', "threw TypeError"],
  ["import of a blob", 'import(blob("1"))', "threw TypeError"],
  ["eval", 'eval("1")', "threw EvalError"],
  ["new Function", 'new Function("return 1")()', "threw EvalError"],
  ["setTimeout of text", 'new Promise((r) => { globalThis.r = r; setTimeout("r(1)", 0); setTimeout(r, 200, "ignored"); })', "ignored"], // prettier-ignore
  ["WebAssembly", "WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))", "threw CompileError"],
  ["a worker's fetch", 'new Promise((r) => { new Worker(blob(`fetch("${URLS.trap}").then(() => postMessage("REACHED"), (e) => postMessage(e.name))`)).onmessage = (e) => r(e.data); })', "TypeError"], // prettier-ignore
])("%s is stopped by the frame's policy", async (_, expression, expected) => {
  expect(await bare(expression)).toBe(expected);
});

// No origin: nothing can be kept, nothing is shared with the page, and what browsers lend to secure pages only is not there.
test.each([
  ["origin", "self.origin", "null"],
  ["indexedDB", 'settled(indexedDB.open("x"), "success")', "threw SecurityError"],
  ["the page's scripts as workers", 'new Worker(URLS.page + "main.js")', "threw SecurityError"],
  ["WebGPU", "typeof navigator.gpu", "undefined"],
  ["caches", "typeof caches", "undefined"],
  ["OPFS", "typeof navigator.storage", "undefined"],
  ["locks", "typeof navigator.locks", "undefined"],
  ["WebTransport", "typeof WebTransport", "undefined"],
])("%s is kept away by the frame having no origin", async (_, expression, expected) => {
  expect(await bare(expression)).toBe(expected);
});

test.each(["document", "parent", "localStorage", "cookieStore", "RTCPeerConnection", "SharedWorker", "Image", "open"])(
  "%s does not exist in a worker",
  async (name) => {
    expect(await bare(`typeof ${name}`)).toBe("undefined");
  },
);

test.each(["sendBeacon", "serviceWorker", "ml", "usb", "hid", "serial", "bluetooth"])(
  "navigator.%s does not exist in the frame's workers",
  async (name) => {
    expect(await bare(`typeof navigator.${name}`)).toBe("undefined");
  },
);

test("a channel reaches its own frame, not the page, and not another frame", async () => {
  await sandbox.page.evaluate(() => {
    const heard: unknown[] = [];
    const channel = new BroadcastChannel("x");
    channel.onmessage = ({ data }) => heard.push(data);
    Object.assign(globalThis, { heard, channel });
  });
  const call = `(async () => { const c = new BroadcastChannel("x"); for (let i = 0; i < 50; i++) { c.postMessage(1); await new Promise((r) => setTimeout(r, 20)); } return "done"; })()`;
  const listen = `new Promise((r) => { let n = 0; new BroadcastChannel("x").onmessage = () => n++; setTimeout(() => r(n), 500); })`;
  const [called, other] = await Promise.all([bare(call, "a"), bare(listen, "b")]);
  expect([called, other]).toEqual(["done", "0"]);
  expect(await sandbox.page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)).toEqual([]);
});

test("workers that a worker started end with it", async () => {
  const nested = 'blob(`const c = new BroadcastChannel("y"); setInterval(() => c.postMessage(1), 10);`)';
  const listen = 'let n = 0; new BroadcastChannel("y").onmessage = () => n++; setTimeout(() => r(n > 5 ? "alive" : "still"), 700);'; // prettier-ignore
  expect(await bare(`new Promise((r) => { new Worker(${nested}); ${listen} })`, "c")).toBe("alive");
  expect(await bare(`new Promise((r) => { ${listen} })`, "c")).toBe("still");
});

test("nothing got through", () => {
  expect(trap.connections()).toBe(0);
});
