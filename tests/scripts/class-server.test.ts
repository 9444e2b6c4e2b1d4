/** @file The class server's folder of models: each layout in which people have them, nothing outside it, what is whole and what is lacking; and a wrong folder is one line. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { classModelFile, classModels } from "../../scripts/class-models.ts";
import { parseCatalogue } from "../../src/models/catalogue.ts";

const QWEN = "onnx-community/Qwen3-0.6B-ONNX";
const SMOL = "HuggingFaceTB/SmolLM2-135M-Instruct";
const COMMON = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"];
let outside: string;
let folder: string;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), "cat-lab-class-"));
  folder = join(outside, "models");
  const files = [
    "secret.txt",
    ...[...COMMON, "onnx/model_q4f16.onnx"].map((path) => `models/${QWEN}/${path}`),
    ...[...COMMON, "onnx/model_q4.onnx"].slice(1).map((path) => `models/${SMOL}/resolve/main/${path}`),
    `models/${SMOL}/resolve/main/config.json`,
  ].filter((path) => !path.endsWith("main/tokenizer.json"));
  for (const path of files) {
    mkdirSync(dirname(join(outside, path)), { recursive: true });
    writeFileSync(join(outside, path), path);
  }
});
afterAll(() => {
  rmSync(outside, { recursive: true });
});

test("an address of the hub finds the file in a clone and in the hub's own layout", async () => {
  expect(await classModelFile(folder, `${QWEN}/resolve/main/onnx/model_q4f16.onnx`)).toBe(
    join(folder, QWEN, "onnx/model_q4f16.onnx"),
  );
  expect(await classModelFile(folder, `${SMOL}/resolve/main/config.json`)).toBe(
    join(folder, SMOL, "resolve/main/config.json"),
  );
});

test.each([
  `${QWEN}/resolve/main/../../../../secret.txt`,
  `${QWEN}/resolve/../../../secret.txt`,
  `../models/resolve/main/x`,
  `${QWEN}/config.json`,
  `${QWEN}/resolve/main/onnx`,
  "assets/index.js",
])("%s is no model's file", async (address) => {
  expect(await classModelFile(folder, address)).toBeNull();
});

test("whole models are named, and what others lack", async () => {
  const catalogue = parseCatalogue(JSON.parse(readFileSync("models/catalogue.json", "utf8")));
  expect(await classModels(folder, catalogue)).toEqual({
    whole: [`${QWEN}@q4f16`],
    lacking: [`${SMOL}@q4 lacks tokenizer.json`],
  });
});

test("a folder that is none is refused in one line, before anything is built", async () => {
  const args = ["--import", "tsx", "scripts/class-server.ts", "--models", join(outside, "secret.txt")];
  const failed = await promisify(execFile)(process.execPath, args).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^--models is ".*", which is no folder.*\n$/) as string,
  });
});
