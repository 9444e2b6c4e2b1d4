import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byteRange, localPath, serve, type SiteServer } from "../../scripts/server.ts";

const script = "export const x = 1;\n".repeat(100);
let folder: string;
let site: SiteServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cat-lab-server-"));
  mkdirSync(join(folder, "site/assets"), { recursive: true });
  const files = {
    "secret.txt": "outside",
    "site/index.html": "<!doctype html>",
    "site/assets/main-AbC12_-x.js": script,
    "site/assets/main-AbC12_-x.js.br": brotliCompressSync(script),
    "site/assets/main-AbC12_-x.js.gz": gzipSync(script),
    "site/ort.wasm": "0123456789",
    "site/old.json": "[1]",
    "site/old.json.gz": gzipSync("[0]"),
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  utimesSync(join(folder, "site/old.json.gz"), 1000, 1000);
  site = await serve(join(folder, "site"));
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** As it is on the wire: fetch would decode it, and clean up paths. */
function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((done, fail) => {
    request({ port: site.port, host: "127.0.0.1", path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    })
      .on("error", fail)
      .end();
  });
}

test("the page is at the root, and asked for again each time", async () => {
  const { status, headers, body } = await get("/");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(headers["cache-control"]).toBe("no-cache");
  expect(body.toString()).toBe("<!doctype html>");
});

test("hashed assets may be kept for ever", async () => {
  const { headers } = await get("/assets/main-AbC12_-x.js");
  expect(headers["cache-control"]).toContain("immutable");
  expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(headers["content-encoding"]).toBeUndefined();
});

test.each([
  ["br", "br"],
  ["gzip, deflate, br", "br"],
  ["gzip", "gzip"],
  ["br;q=0, gzip;q=0.5", "gzip"],
])("to a browser that takes %s it sends %s, with the type of the file itself", async (accepted, encoding) => {
  const { headers, body } = await get("/assets/main-AbC12_-x.js", { "accept-encoding": accepted });
  expect(headers["content-encoding"]).toBe(encoding);
  expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(headers["vary"]).toBe("accept-encoding");
  expect(body).toEqual(encoding === "br" ? brotliCompressSync(script) : gzipSync(script));
});

test("a packed file that is older than its source is not sent", async () => {
  const { headers, body } = await get("/old.json", { "accept-encoding": "gzip" });
  expect(headers["content-encoding"]).toBeUndefined();
  expect(body.toString()).toBe("[1]");
});

test("wasm has its type, and parts of it can be asked for", async () => {
  const { status, headers, body } = await get("/ort.wasm", { range: "bytes=2-4", "accept-encoding": "br" });
  expect(status).toBe(206);
  expect(headers["content-type"]).toBe("application/wasm");
  expect(headers["content-range"]).toBe("bytes 2-4/10");
  expect(headers["content-length"]).toBe("3");
  expect(body.toString()).toBe("234");
  expect((await get("/ort.wasm", { range: "bytes=10-" })).status).toBe(416);
});

test.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=5-", { start: 5, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-30", { start: 0, end: 9 }],
  ["bytes=8-100", { start: 8, end: 9 }],
  ["bytes=10-12", "unsatisfiable"],
  ["bytes=4-2", "unsatisfiable"],
  ["bytes=-", null],
  ["bytes=0-1,3-4", null],
  ["lines=0-1", null],
])("range %s of ten bytes", (header, expected) => {
  expect(byteRange(header, 10)).toEqual(expected);
});

test("what has not changed is not sent again", async () => {
  const first = await get("/");
  const etag = String(first.headers["etag"]);
  const again = await get("/", { "if-none-match": etag });
  expect(again.status).toBe(304);
  expect(again.body.length).toBe(0);
  expect((await get("/", { "if-none-match": '"other"' })).status).toBe(200);
  const packed = await get("/assets/main-AbC12_-x.js", { "accept-encoding": "br" });
  const plain = await get("/assets/main-AbC12_-x.js");
  expect(packed.headers["etag"]).not.toBe(plain.headers["etag"]);
});

test("HEAD has the same headers and no body", async () => {
  const { status, headers, body } = await get("/ort.wasm", {}, "HEAD");
  expect([status, headers["content-length"], body.length]).toEqual([200, "10", 0]);
});

test("nothing is written", async () => {
  expect((await get("/", {}, "POST")).status).toBe(405);
});

describe("no path leads out of the folder", () => {
  test.each(["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt", "/%00", "/%zz"])(
    "%s",
    async (path) => {
      const { status, body } = await get(path);
      expect(status).toBe(404);
      expect(body.toString()).not.toContain("outside");
    },
  );

  test("nor to a neighbour whose name begins alike", () => {
    expect(localPath("/srv/site", "/", "/../site-old/a")).toBeNull();
    expect(localPath("/srv/site", "/", "/a?b=..")).toBe("/srv/site/a");
  });
});

test("below a prefix, and only there", async () => {
  const below = await serve(join(folder, "site"), { prefix: "/deep/er/" });
  expect((await fetch(below.url)).status).toBe(200);
  expect((await fetch(`${below.url}ort.wasm`)).status).toBe(200);
  expect((await fetch(new URL("/ort.wasm", below.url))).status).toBe(404);
  await below.close();
});

test("a taken port gives the next one", async () => {
  const next = await serve(folder, { port: site.port });
  expect(next.port).toBeGreaterThan(site.port);
  await next.close();
});

test("who goes on with a version that has changed gets the new one whole", async () => {
  const { headers } = await get("/ort.wasm", { range: "bytes=2-3" });
  const go = (ifRange: string) => get("/ort.wasm", { range: "bytes=2-3", "if-range": ifRange });
  expect((await go(String(headers["etag"]))).body.toString()).toBe("23");
  const { status, body } = await go('"older"');
  expect([status, body.toString()]).toEqual([200, "0123456789"]);
});

test("files from elsewhere come instead of the folder's", async () => {
  const other = await serve(join(folder, "site"), {
    prefix: "/class/",
    instead: (path) => Promise.resolve(path === "old.json" ? join(folder, "secret.txt") : null),
  });
  try {
    expect(await (await fetch(`${other.url}old.json`)).text()).toBe("outside");
    expect(await (await fetch(`${other.url}ort.wasm`)).text()).toBe("0123456789");
  } finally {
    await other.close();
  }
});
