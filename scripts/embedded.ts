/** @file The embedded models and the held-out items, loaded in Node. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ItemFiles } from "../src/bench/item.ts";
import type { Sampling } from "../src/cat/models.ts";
import { createLanguageModel, type OnnxLanguageModel } from "../src/engine/language-model.ts";
import { nodeRuntime } from "../src/engine/node-runtime.ts";
import { Tokenizer } from "../src/engine/tokenizer.ts";
import { readGeneration } from "../src/models/generation.ts";
import {
  embeddedJudge,
  embeddedPolicy,
  findModel,
  type Manifest,
  type ModelEntry,
  parseManifest,
} from "../src/models/manifest.ts";
import { readModel } from "../src/models/read-node.ts";
import { isJudged } from "./embedded-choice.ts";
import { sayNotice } from "./say-notice.ts";
import { ROOT } from "./site.ts";

export interface Embedded {
  /** The caller disposes of it. */
  readonly model: OnnxLanguageModel;
  readonly sampling: Sampling;
  readonly maxTokens: number;
}

/** Where manifest.json is and the models' folders are. */
export const MODELS = join(ROOT, "models");

/** The policy and anchor of a domain. @throws Error when there is none. */
export async function loadEmbedded(domain: string, folder = MODELS): Promise<Embedded> {
  return load(embeddedPolicy(await manifest(folder), domain), folder);
}

/** @throws Error when there is none. */
export async function loadEmbeddedJudge(folder = MODELS): Promise<OnnxLanguageModel> {
  return (await load(embeddedJudge(await manifest(folder)), folder)).model;
}

/** Reads and renders as an embedded model does, without loading it. @throws Error when there is none of this name */
export async function embeddedTokenizer(id: string, folder = MODELS): Promise<Tokenizer> {
  const entry = findModel(await manifest(folder), id);
  return new Tokenizer(await readModel(join(folder, entry.path), entry));
}

/** The texts of a domain's items, labels included: for `readItems` of src/bench, here or in a page. */
export async function itemFiles(domain: string): Promise<ItemFiles> {
  const read = (file: string) => readFile(join(MODELS, "items", domain, `${file}.jsonl`), "utf8");
  return { tasks: await read("tasks"), labels: await read("labels"), key: isJudged(domain) ? await read("key") : null };
}

/** The label-free prompts of a domain, for `readTasks` of src/train. */
export function trainingPrompts(domain: string): Promise<string> {
  return readFile(join(MODELS, "items", domain, "train.jsonl"), "utf8");
}

async function load(entry: ModelEntry, folder: string): Promise<Embedded> {
  const files = await readModel(join(folder, entry.path), entry);
  const runtime = await nodeRuntime();
  runtime.onNotice = ({ message }) => {
    sayNotice(message);
  };
  const model = await createLanguageModel({ runtime, files, entry });
  return { model, ...readGeneration(files) };
}

/** @throws Error as `parseManifest` */
export async function manifest(folder = MODELS): Promise<Manifest> {
  return parseManifest(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
}
