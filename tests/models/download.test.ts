/** @file Downloads from a real server on the loopback interface: whole, damaged, truncated, missing, stopped, in both layouts; and the same files from a folder. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { downloadModel } from "../../src/models/download.ts";
import { readModel } from "../../src/models/read-node.ts";
import { embeddedSource, hubSource } from "../../src/models/source.ts";
import { madeUpEntry } from "./made-up.ts";

const FILES = { "config.json": '{"a":1}', "onnx/model.onnx": "weights ".repeat(20_000) };
const WEIGHTS = "/models/made-up/onnx/model.onnx";
const entry = madeUpEntry(FILES);

type Answer = (response: ServerResponse) => void;
/** What the server does at a path; 404 elsewhere. */
let answers: Map<string, Answer>;
let asked: string[];

const server = createServer((request, response) => {
  const path = request.url ?? "";
  asked.push(path);
  const answer = answers.get(path);
  if (answer === undefined) response.writeHead(404).end("<!doctype html>not found");
  else answer(response);
});
let base: string;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  asked = [];
  answers = new Map();
  for (const [path, text] of Object.entries(FILES)) {
    answers.set(`/models/made-up/${path}`, (response) => response.end(text));
    answers.set(`/made-up/resolve/r1/${path}`, (response) => response.end(text));
  }
});

function embedded(options?: Parameters<typeof downloadModel>[2]) {
  return downloadModel(embeddedSource(base), entry, options);
}

test("the embedded and the hub layout give the same bytes, and so does a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cat-lab-"));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const results = [await embedded(), await downloadModel(hubSource(base), entry), await readModel(folder, entry)];
  await rm(folder, { recursive: true });
  for (const { bytes, records } of results) {
    expect(Object.fromEntries([...bytes].map(([path, content]) => [path, new TextDecoder().decode(content)]))).toEqual(
      FILES,
    );
    expect(records).toEqual(entry.files);
  }
});

test("progress counts the bytes of all files, never backwards, and ends at the total", async () => {
  const seen: [number, number][] = [];
  await embedded({ onProgress: (...progress) => seen.push(progress) });
  const total = entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(seen.every(([, of]) => of === total)).toBe(true);
  expect(seen.map(([loaded]) => loaded)).toEqual(seen.map(([loaded]) => loaded).sort((a, b) => a - b));
  expect(seen.at(-1)).toEqual([total, total]);
});

test("a missing file is named with its status", async () => {
  answers.delete(WEIGHTS);
  const error = { code: "file-missing", message: expect.stringMatching(/onnx\/model\.onnx.*404/) as string };
  await expect(embedded()).rejects.toMatchObject(error);
});

test("one wrong byte is damage, with both hashes", async () => {
  answers.set(WEIGHTS, (response) => response.end(FILES["onnx/model.onnx"].replace("weights", "Weights")));
  const { sha256 } = entry.files[1]!;
  const message = expect.stringMatching(
    new RegExp(`model\\.onnx has SHA-256 [0-9a-f]{64} instead of ${sha256}`),
  ) as string;
  await expect(embedded()).rejects.toMatchObject({ code: "file-damaged", message });
});

test("a file that ends too soon is damage, with both lengths", async () => {
  answers.set(WEIGHTS, (response) => response.end(FILES["onnx/model.onnx"].slice(0, 1000)));
  const error = { code: "file-damaged", message: expect.stringMatching(/has 1000 bytes instead of 160000/) as string };
  await expect(embedded()).rejects.toMatchObject(error);
});

test("a page in place of a file (longer or not) is damage", async () => {
  answers.set(WEIGHTS, (response) => response.end(FILES["onnx/model.onnx"] + "more"));
  await expect(embedded()).rejects.toMatchObject({
    code: "file-damaged",
    message: expect.stringMatching(/longer/) as string,
  });
  answers.set("/models/made-up/config.json", (response) => response.end("<html/>"));
  await expect(embedded()).rejects.toMatchObject({
    code: "file-damaged",
    message: expect.stringMatching(/config\.json/) as string,
  });
});

test("a connection that breaks off says how far it came", async () => {
  answers.set(WEIGHTS, (response) => {
    response.writeHead(200, { "content-length": String(FILES["onnx/model.onnx"].length) });
    response.write(FILES["onnx/model.onnx"].slice(0, 5000), () => setTimeout(() => response.destroy(), 20));
  });
  const error = {
    code: "file-missing",
    message: expect.stringMatching(/stopped after 5000 of 160000 bytes/) as string,
  };
  await expect(embedded()).rejects.toMatchObject(error);
});

test("nobody there is a missing file, too", async () => {
  const nowhere = downloadModel(embeddedSource("http://127.0.0.1:1/"), entry);
  await expect(nowhere).rejects.toMatchObject({
    code: "file-missing",
    message: expect.stringMatching(/config\.json/) as string,
  });
});

test("a stop ends the download with its reason and asks for nothing more", async () => {
  const stop = new AbortController();
  answers.set("/models/made-up/config.json", (response) => {
    response.writeHead(200, { "content-length": "7" });
    response.write("{", () => {
      stop.abort(new Error("changed my mind"));
    });
  });
  await expect(embedded({ stop: stop.signal })).rejects.toThrow("changed my mind");
  await expect(embedded({ stop: stop.signal })).rejects.toThrow("changed my mind");
  expect(asked).toEqual(["/models/made-up/config.json"]);
});

test("a folder without the file, or with another one, is refused by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cat-lab-"));
  await expect(readModel(folder, entry)).rejects.toMatchObject({
    code: "file-missing",
    message: expect.stringContaining("config.json") as string,
  });
  await writeFile(join(folder, "config.json"), '{"a":2}');
  await expect(readModel(folder, entry)).rejects.toMatchObject({ code: "file-damaged" });
  await rm(folder, { recursive: true });
});
