/** @file The embedded model in Node, from its folder in the project. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLanguageModel, type OnnxLanguageModel } from "../../src/engine/language-model.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { findModel, parseManifest } from "../../src/models/manifest.ts";
import { readModel } from "../../src/models/read-node.ts";

const MODELS = join(import.meta.dirname, "..", "..", "models");

export async function loadKitten(runtime: Runtime): Promise<OnnxLanguageModel> {
  const entry = findModel(parseManifest(JSON.parse(await readFile(join(MODELS, "manifest.json"), "utf8"))), "kitten");
  return createLanguageModel({ runtime, files: await readModel(join(MODELS, entry.path), entry), entry });
}
