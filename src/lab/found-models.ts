/**
 * @file Which hub models are among the files that a visitor has at hand: a folder as the hub has it, a clone, the cache of huggingface_hub, a zip that
 * this page made. Reads nothing but the notes that such zips carry (zip-note.ts).
 */
import { ModelError, type ModelFile } from "../cat/models.ts";
import type { Catalogue } from "../models/catalogue.ts";
import type { Content } from "../models/take-files.ts";
import { runnableVariants } from "./hub-files.ts";
import { noteName, readNote } from "./zip-note.ts";

/** A file with its path as far as it is known, folders apart by slashes. */
export interface FoundFile {
  readonly path: string;
  readonly content: Content;
}

export type FoundModel = ReturnType<typeof runnableVariants>[number] & {
  /** By path within the model. */
  readonly files: ReadonlyMap<string, Content>;
  /** What its zip says of them; empty without. */
  readonly said: readonly ModelFile[];
};

/** @throws {ModelError} `file-missing` saying what there should be, where no model is whole; `file-damaged` for a note that cannot be read */
export async function findModels(found: readonly FoundFile[], catalogue: Catalogue): Promise<FoundModel[]> {
  const contents = new Map(found.map(({ path, content }) => [path, content]));
  const lacking: string[] = [];
  const models = new Map<string, FoundModel>();
  for (const one of runnableVariants(catalogue)) {
    const required = [...one.model.files, ...one.variant.files].filter(({ optional }) => !optional);
    for (const root of rootsOf(one.model.id, contents)) {
      const missing = required.filter(({ path }) => !contents.has(root + path)).map(({ path }) => path);
      if (missing.length > 0) {
        lacking.push(`${one.key} lacks ${missing.join(", ")}`);
        continue;
      }
      const all = [...one.model.files, ...one.variant.files];
      const files = new Map(all.flatMap(({ path }) => [[path, contents.get(root + path)] as const]).filter(isThere));
      const note = contents.get(root + noteName(one.variant.dtype));
      const { model, files: said } = note === undefined ? { model: one.key, files: [] } : await readNote(note, one.key);
      // Two owners may have a model of the same name.
      if (model === one.key) models.set(one.key, { ...one, files, said });
    }
  }
  if (models.size > 0) return [...models.values()];
  const why = lacking.length > 0 ? lacking.join("; ") : "no folder here is called as a model of the catalogue";
  const message = `No model is whole among these ${found.length} files: ${why}. Choose the whole folder, called as on the hub (such as Qwen3-0.6B-ONNX), or a zip that this page exported.`;
  throw new ModelError("file-missing", message);
}

function isThere(entry: readonly [string, Content | undefined]): entry is [string, Content] {
  return entry[1] !== undefined;
}

/** Folders that may hold a model: each with a config.json, called as the model is or as the cache of huggingface_hub calls it. */
function rootsOf(id: string, contents: ReadonlyMap<string, unknown>): string[] {
  const [owner = "", name = ""] = id.toLowerCase().split("/");
  const isIts = (folder: string): boolean => folder === name || folder === `models--${owner}--${name}`;
  return [...contents.keys()]
    .filter((path) => path.endsWith("/config.json"))
    .map((path) => path.slice(0, -"config.json".length))
    .filter((root) => root.toLowerCase().split("/").some(isIts));
}
