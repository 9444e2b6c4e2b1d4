import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { servedModelFiles } from "../../scripts/vite/models.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cat-lab-models-"));
  const models = [
    { path: "kitten", embedded: true, files: [{ path: "config.json" }, { path: "onnx/model.onnx" }] },
    { path: "pupil", embedded: true, files: [], trainable: { path: "model.safetensors" } },
    { path: "big", embedded: false, files: [{ path: "config.json" }] },
  ];
  const files = {
    "manifest.json": JSON.stringify({ models }),
    "catalogue.json": "{}",
    "kitten/config.json": "{}",
    "kitten/onnx/model.onnx": "",
    "kitten/model.safetensors": "",
    "pupil/model.safetensors": "",
    "recipes/train.py": "",
    "items/sums/tasks.jsonl": "",
    "items/sums/labels.jsonl": "",
    "items/sums/train.jsonl": "",
    "items/sums/notes.txt": "",
    "items/advice/tasks.jsonl": "",
    "items/advice/labels.jsonl": "",
    "items/advice/train.jsonl": "",
    "items/advice/key.jsonl": "",
    "items/advice/judge.jsonl": "",
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
});
afterEach(() => rm(folder, { recursive: true }));

test("the page gets the embedded models' files and the items, and nothing of how they were made", async () => {
  expect(await servedModelFiles(folder)).toEqual([
    "catalogue.json",
    "items/advice/key.jsonl",
    "items/advice/labels.jsonl",
    "items/advice/tasks.jsonl",
    "items/advice/train.jsonl",
    "items/sums/labels.jsonl",
    "items/sums/tasks.jsonl",
    "items/sums/train.jsonl",
    "kitten/config.json",
    "kitten/onnx/model.onnx",
    "manifest.json",
    "pupil/model.safetensors",
  ]);
});

test("a file that the manifest names and nobody made is an error that names it", async () => {
  await rm(join(folder, "kitten/onnx/model.onnx"));
  await expect(servedModelFiles(folder)).rejects.toThrow("models/kitten/onnx/model.onnx is missing");
});

test("a domain without its training prompts is an error that names them", async () => {
  await rm(join(folder, "items/sums/train.jsonl"));
  await expect(servedModelFiles(folder)).rejects.toThrow("models/items/sums/train.jsonl is missing");
});

test("every file of the project's own manifest is there", async () => {
  const root = join(import.meta.dirname, "../../models");
  const files = await servedModelFiles(root);
  expect(files).toContain("manifest.json");
  expect(files.every((path) => existsSync(join(root, path)))).toBe(true);
});
