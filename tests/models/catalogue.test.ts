/** @file The catalogue as it is committed: read strictly, every bundle runs with a judge of another family, nothing is claimed that nobody stated. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findVariant, parseCatalogue } from "../../src/models/catalogue.ts";
import { isHubKey, variantKey } from "../../src/models/hub-key.ts";
import { parseManifest } from "../../src/models/manifest.ts";

const read = (file: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../models", file), "utf8"));
const catalogue = parseCatalogue(read("catalogue.json"));
const runnable = catalogue.models.filter(({ notRunnable }) => notRunnable === null);

test("ids are there once, and none is taken for one of the page's own", () => {
  expect(new Set(catalogue.models.map(({ id }) => id)).size).toBe(catalogue.models.length);
  const own = parseManifest(read("manifest.json")).models.map(({ id }) => id);
  expect(own.some(isHubKey)).toBe(false);
  expect(catalogue.models.every(({ id }) => isHubKey(id))).toBe(true);
});

test.each(runnable.map((model) => [model.id, model] as const))("%s can be fetched and started", (_, model) => {
  expect(model.contextLength).not.toBeNull();
  expect(model.cacheNumbersPerToken).not.toBeNull();
  for (const { dtype, files, aboutBytes } of model.variants) {
    const paths = [...model.files, ...files].map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith(".onnx"))).toHaveLength(1);
    expect(paths).toEqual(expect.arrayContaining(["config.json", "tokenizer.json", "tokenizer_config.json"]));
    expect(new Set(paths).size).toBe(paths.length);
    expect(aboutBytes).toBeGreaterThan(1e8);
    expect(findVariant(catalogue, variantKey(model.id, dtype)).model).toBe(model);
  }
});

test("what our engine refuses is listed without anything to fetch, and cannot be asked for", () => {
  const refused = catalogue.models.filter(({ notRunnable }) => notRunnable !== null);
  expect(refused.map(({ family }) => family)).toEqual(expect.arrayContaining(["Qwen3.5", "LFM2.5"]));
  expect(refused.every(({ files, variants }) => files.length + variants.length === 0)).toBe(true);
  expect(() => findVariant(catalogue, `${refused[0]!.id}@q4f16`)).toThrow(/could run here/);
});

test("Gemma 3, which overflows in half precision, has none", () => {
  const gemma = runnable.filter(({ family }) => family === "Gemma 3").flatMap(({ variants }) => variants);
  expect(gemma.length).toBeGreaterThan(0);
  expect(gemma.every(({ dtype }) => !dtype.includes("f16"))).toBe(true);
});

test.each(catalogue.bundles.map((bundle) => [bundle.title, bundle] as const))(
  "%s has a judge of another family",
  (_, bundle) => {
    const policy = findVariant(catalogue, bundle.policy).model;
    const judge = findVariant(catalogue, bundle.judge).model;
    expect(policy.roles).toEqual(expect.arrayContaining(["policy", "anchor"]));
    expect(judge.roles).toContain("judge");
    expect(judge.family).not.toBe(policy.family);
  },
);

describe("refused", () => {
  const model = { ...runnable[0]!, files: [{ path: "config.json", bytes: null, sha256: null }] };
  const whole = { format: 1, bundles: [], models: [model] };
  test("nothing, as it is", () => {
    expect(parseCatalogue(whole).models[0]!.files[0]!.optional).toBe(false);
  });
  test.each([
    ["a path out of the folder", { files: [{ path: "../x", bytes: null, sha256: null }] }, /files\.0\.path/],
    ["an id without owner", { id: "name" }, /owner\/name/],
    ["a hash that is none", { files: [{ path: "x", bytes: 1, sha256: "abc" }] }, /sha256/],
    ["no licence link", { licence: { name: "MIT", url: "somewhere" } }, /licence\.url/],
  ])("%s, by name", (_, change, message) => {
    expect(() => parseCatalogue({ ...whole, models: [{ ...model, ...change }] })).toThrow(message);
  });
  test("a bundle of models that are not there", () => {
    const bundles = [{ id: "b", title: "B", policy: "a/b@q4", judge: "c/d@q4" }];
    expect(() => parseCatalogue({ ...whole, bundles })).toThrow(/bundles must name/);
  });
});
