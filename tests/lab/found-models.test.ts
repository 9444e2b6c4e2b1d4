/** @file Which models are among files at hand: by the folder's name, in every layout that people carry, and what is said where none is whole. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findModels } from "../../src/lab/found-models.ts";
import { carriedModels, noteText } from "../../src/lab/zip-note.ts";
import { type HubModel, parseCatalogue } from "../../src/models/catalogue.ts";

const catalogue = parseCatalogue(JSON.parse(readFileSync("models/catalogue.json", "utf8")));
const KEY = "onnx-community/Qwen3-0.6B-ONNX@q4f16";
const FILES = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"];
const GRAPH = "onnx/model_q4f16.onnx";

const at = (root: string, paths: readonly string[]) =>
  paths.map((path) => ({ path: root + path, content: new Blob([path]) }));
const keys = async (files: Parameters<typeof findModels>[0]) =>
  (await findModels(files, catalogue)).map(({ key }) => key);

test.each([
  ["a folder called as the model", "Qwen3-0.6B-ONNX/"],
  ["a clone below its owner", "stick/onnx-community/Qwen3-0.6B-ONNX/"],
  ["another case, as some disks have it", "qwen3-0.6b-onnx/"],
  ["the hub's addresses", "onnx-community/Qwen3-0.6B-ONNX/resolve/main/"],
  ["the cache of huggingface_hub", "hub/models--onnx-community--Qwen3-0.6B-ONNX/snapshots/0123abc/"],
])("%s", async (_, root) => {
  expect(await keys(at(root, [...FILES, GRAPH]))).toEqual([KEY]);
});

test("every dtype that is whole, and other files beside them, which are left alone", async () => {
  const files = at("Qwen3-0.6B-ONNX/", [...FILES, GRAPH, "onnx/model_quantized.onnx", "README.md"]);
  expect(await keys(files)).toEqual([KEY, "onnx-community/Qwen3-0.6B-ONNX@q8"]);
  const [model] = await findModels(files, catalogue);
  expect([...model!.files.keys()]).not.toContain("README.md");
});

test("what is missing is named", async () => {
  await expect(keys(at("Qwen3-0.6B-ONNX/", FILES))).rejects.toThrow(`${KEY} lacks ${GRAPH}`);
  await expect(keys(at("holidays/", [...FILES, GRAPH]))).rejects.toThrow("no folder here is called as a model");
});

test("a zip's note tells its hashes; a note of another owner's model counts for nothing", async () => {
  const note = (model: string) => ({
    path: "Qwen3-0.6B-ONNX/cat-lab-q4f16.json",
    content: new Blob([
      JSON.stringify({ format: 1, model, revision: null, files: [{ path: GRAPH, bytes: 3, sha256: "a".repeat(64) }] }),
    ]),
  });
  const files = at("Qwen3-0.6B-ONNX/", [...FILES, GRAPH]);
  expect((await findModels([...files, note(KEY)], catalogue))[0]!.said).toHaveLength(1);
  await expect(keys([...files, note("somebody/Qwen3-0.6B-ONNX@q4f16")])).rejects.toThrow("No model is whole");
  const broken = { path: note(KEY).path, content: new Blob(["{"]) };
  await expect(keys([...files, broken])).rejects.toThrow("cannot be read");
});

describe("a model that no catalogue here has", () => {
  const known = catalogue.models.find(({ id }) => KEY.startsWith(id))!;
  const poorer = { ...catalogue, models: catalogue.models.filter((model) => model !== known), bundles: [] };
  const kept = { model: KEY, revision: null, commit: null, savedAt: "", usedAt: null, files: [] };
  const note = (entry: object | null) => ({
    path: "x/Qwen3-0.6B-ONNX/cat-lab-q4f16.json",
    content: new Blob([noteText(kept, entry as HubModel | null)]),
  });
  const files = at("x/Qwen3-0.6B-ONNX/", [...FILES, GRAPH]);

  test("is known by its zip's note, as untested as any", async () => {
    const carried = await carriedModels([...files, note({ ...known, testedByUs: true })], poorer);
    expect(carried).toEqual([{ ...known, testedByUs: false }]);
    const all = { ...poorer, models: carried };
    expect((await findModels([...files, note(known)], all)).map(({ key }) => key)).toEqual([KEY]);
  });

  test("is left alone where the catalogue has it, or the note says nothing", async () => {
    expect(await carriedModels([...files, note({ ...known, title: "Another" })], catalogue)).toEqual([]);
    expect(await carriedModels([...files, note(null)], poorer)).toEqual([]);
  });

  test.each([
    [
      "a file out of its folder",
      { files: [{ path: "../secret", bytes: null, sha256: null }] },
      "files.0.path is wrong",
    ],
    ["a licence that is a script", { licence: { name: "MIT", url: "javascript:alert(1)" } }, "licence.url is wrong"],
    ["no weights", { variants: undefined }, "variants is wrong"],
    ["another model's entry", { id: "somebody/else" }, "it is of another model"],
  ])("is refused with %s", async (_, wrong, why) => {
    const refused = carriedModels([...files, note({ ...known, ...wrong })], poorer);
    await expect(refused).rejects.toMatchObject({
      code: "file-damaged",
      message: expect.stringContaining(why) as string,
    });
  });
});
