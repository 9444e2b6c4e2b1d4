/** @file The embedded model and its held-out items, loaded in Node. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Item, readItems } from "../src/bench/item.ts";
import type { Sampling } from "../src/cat/models.ts";
import { createLanguageModel, type OnnxLanguageModel } from "../src/engine/language-model.ts";
import { nodeRuntime } from "../src/engine/ort-node.ts";
import { readGeneration } from "../src/models/generation.ts";
import { parseManifest } from "../src/models/manifest.ts";
import { readModel } from "../src/models/read-node.ts";
import { embeddedFor } from "./embedded-choice.ts";
import { ROOT } from "./site.ts";

export interface Embedded {
  /** The caller disposes of it. */
  readonly model: OnnxLanguageModel;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly heldOut: readonly Item[];
}

export async function loadEmbedded(domain: string): Promise<Embedded> {
  const folder = join(ROOT, "models");
  const read = (...path: string[]) => readFile(join(folder, ...path), "utf8");
  const entry = embeddedFor(parseManifest(JSON.parse(await read("manifest.json"))), domain);
  const heldOut = readItems(await read("items", domain, "tasks.jsonl"), await read("items", domain, "labels.jsonl"));
  const files = await readModel(join(folder, entry.path), entry);
  const model = await createLanguageModel({ runtime: await nodeRuntime(), files, entry });
  return { model, heldOut, ...readGeneration(files) };
}
