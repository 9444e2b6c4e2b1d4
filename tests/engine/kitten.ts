/** @file The embedded models in Node, from their folders in the project. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLanguageModel, type OnnxLanguageModel } from "../../src/engine/language-model.ts";
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

async function manifest() {
  return parseManifest(JSON.parse(await readFile(join(MODELS, "manifest.json"), "utf8")));
}
