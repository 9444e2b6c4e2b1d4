/** @file What the embedded models weigh: in the repository, and for a visitor who runs one domain. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ModelEntry, parseManifest } from "../../src/models/manifest.ts";
import { readModel } from "../../src/models/read-node.ts";

const MODELS = join(import.meta.dirname, "..", "..", "models");
const COMMITTED = 16e6;
const FIRST_RUN = 6e6;

const manifest = parseManifest(JSON.parse(await readFile(join(MODELS, "manifest.json"), "utf8")));
const embedded = manifest.models.filter((model) => model.embedded);
const domains = [...new Set(embedded.flatMap((model) => model.domains))];
const download = ({ files }: ModelEntry) => files.reduce((sum, { bytes }) => sum + bytes, 0);

test.each(embedded.map((entry) => [entry.id, entry] as const))("%s is as the manifest says", async (_, entry) => {
  const { records } = await readModel(join(MODELS, entry.path), entry);
  expect(records.filter(({ path }) => path.endsWith(".onnx"))).toHaveLength(1);
  expect(records.map(({ path }) => path)).not.toContain("model.safetensors");
});

test.each(domains)("all models that a run of %s needs are a small download", (domain) => {
  const needed = embedded.filter((model) => model.domains.includes(domain));
  expect(needed.map(download).reduce((a, b) => a + b)).toBeLessThanOrEqual(FIRST_RUN);
});

test("all committed models, what only trainers need included, stay small", async () => {
  let total = 0;
  for (const { path } of embedded) {
    const files = await readdir(join(MODELS, path), { recursive: true, withFileTypes: true });
    const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
    for (const { size } of await Promise.all(sizes)) total += size;
  }
  expect(total).toBeLessThanOrEqual(COMMITTED);
});
