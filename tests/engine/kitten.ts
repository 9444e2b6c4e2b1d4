/** @file The embedded models in Node, from their folders in the project. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLanguageModel, type ModelEntry, type OnnxLanguageModel } from "../../src/engine/language-model.ts";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { findModel, parseManifest } from "../../src/models/manifest.ts";
import { readModel } from "../../src/models/read-node.ts";

const MODELS = join(import.meta.dirname, "..", "..", "models");

/** The ids of all of them. */
export const EMBEDDED = (await manifest()).models.map(({ id }) => id);

export async function loadKitten(runtime: Runtime, id = "kitten"): Promise<OnnxLanguageModel> {
  const entry = findModel(await manifest(), id);
  return createLanguageModel({ runtime, files: await readModel(join(MODELS, entry.path), entry), entry });
}

/** With the weights as the hub has them, which the manifest leaves out: only training reads them. */
export async function kittenFiles(id: string): Promise<{ files: ModelFiles; entry: ModelEntry }> {
  const entry = findModel(await manifest(), id);
  const folder = join(MODELS, entry.path);
  const { records, bytes } = await readModel(folder, entry);
  const weights = await readFile(join(folder, "model.safetensors"));
  return { files: { records, bytes: new Map([...bytes, ["model.safetensors", weights]]) }, entry };
}

async function manifest() {
  return parseManifest(JSON.parse(await readFile(join(MODELS, "manifest.json"), "utf8")));
}
