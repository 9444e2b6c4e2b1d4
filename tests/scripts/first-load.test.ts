import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstLoad } from "../../scripts/first-load.ts";

let dist: string;

beforeEach(async () => {
  dist = await mkdtemp(join(tmpdir(), "cat-lab-dist-"));
});
afterEach(() => rm(dist, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dist, path)), { recursive: true });
    await writeFile(join(dist, path), content);
  }
}

const page = {
  "index.html": '<script type="module" crossorigin src="./assets/index-AAAAAAAA.js"></script>',
  "assets/index-AAAAAAAA.js": 'import { a } from "./shared-BBBBBBBB.js"; a(() => import("./later-CCCCCCCC.js"));',
  "assets/shared-BBBBBBBB.js": 'export * from "./deep-DDDDDDDD.js"; export const a = 1;',
  "assets/deep-DDDDDDDD.js": "export const b = 2;",
  "assets/later-CCCCCCCC.js": "export const c = 3;",
  "assets/lab.worker-EEEEEEEE.js": 'const x = () => import("./load-model-FFFFFFFF.js");',
  "assets/load-model-FFFFFFFF.js": "export const ort = 1;",
};

test("page and worker with what they import statically, however deep; nothing that comes later", async () => {
  await write(page);
  expect(firstLoad(dist).map(({ path }) => path)).toEqual([
    "assets/deep-DDDDDDDD.js",
    "assets/index-AAAAAAAA.js",
    "assets/lab.worker-EEEEEEEE.js",
    "assets/shared-BBBBBBBB.js",
  ]);
  expect(firstLoad(dist)[1]).toMatchObject({ bytes: page["assets/index-AAAAAAAA.js"].length });
});

test("ONNX Runtime among them is an error", async () => {
  await write({ ...page, "assets/deep-DDDDDDDD.js": 'export const b = "ort-wasm-simd-threaded.asyncify.wasm";' });
  expect(() => firstLoad(dist)).toThrow("assets/deep-DDDDDDDD.js contains ONNX Runtime");
});

test("a folder without a page is an error", async () => {
  await write({ "index.html": "", "assets/a.js": "" });
  expect(() => firstLoad(dist)).toThrow("has no page or no worker");
});
