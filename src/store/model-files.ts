/**
 * @file Hub models in the browser's own file system (OPFS): each file once under its SHA-256, and of each model a note of which files it has,
 * written last. A model is here when its note is. Worker only. What is on its way: model-parts.ts.
 */
import * as v from "valibot";
import type { ModelFile } from "../cat/models.ts";
import { forgetParts, lookAtPart, markWhole, openPart, wholeParts } from "./model-parts.ts";
import { guard, namesIn, writeText } from "./opfs.ts";

const NOTE = ".json";

const noteSchema = v.object({
  model: v.string(),
  revision: v.nullable(v.string()),
  commit: v.optional(v.nullable(v.string()), null),
  /** ISO 8601. */
  savedAt: v.string(),
  usedAt: v.nullable(v.string()),
  files: v.array(v.object({ path: v.string(), bytes: v.number(), sha256: v.string() })),
});

/** What is noted of a model that is here. */
export interface KeptModel {
  readonly model: string;
  readonly revision: string | null;
  /** The whole commit that the hub named when the files came; `null`: it named none, or several. */
  readonly commit: string | null;
  readonly savedAt: string;
  readonly usedAt: string | null;
  readonly files: readonly ModelFile[];
}

/** TypeScript does not know it yet; Chromium, Firefox and Safari do. */
interface MovableFile {
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/** `PartStore` of src/models. @throws {ModelError} `storage`, from every function here, with the browser's reason */
export const modelParts = { wholeBytes, look: lookAtPart, open: openPart, keep: keepPart };

async function wholeBytes(sha256: string): Promise<number | null> {
  return guard("look for a model's file", async () => {
    const folder = await folderOf("files");
    if (!(await namesIn(folder)).includes(sha256)) return null;
    return (await (await folder.getFileHandle(sha256)).getFile()).size;
  });
}

async function keepPart(name: string, sha256: string): Promise<void> {
  await guard("keep a model's file", async () => {
    const part = await markWhole(name, sha256);
    const folder = await folderOf("files");
    // A file of that name is of another length, or the part would not have been fetched.
    if ((await namesIn(folder)).includes(sha256)) await folder.removeEntry(sha256);
    await (part as unknown as MovableFile).move(folder, sha256);
  });
}

/** Once all its files are here. @param parts what is noted of its files on their way is not needed any more. */
export async function keepModel(model: KeptModel, parts: readonly string[]): Promise<void> {
  await writeText(`keep model ${model.model}`, await folderOf("kept"), noteName(model.model), JSON.stringify(model));
  await forgetParts(parts);
}

/** Of all models, in no order. A note that cannot be read is left out, and its files are freed with the next that is deleted. */
export async function listKeptModels(): Promise<KeptModel[]> {
  return guard("list the models", async () => {
    const folder = await folderOf("kept");
    const notes = await Promise.all((await namesIn(folder)).map((name) => readNote(folder, name)));
    return notes.filter((note) => note !== null);
  });
}

export async function keptModel(model: string): Promise<KeptModel | null> {
  return guard(`look for model ${model}`, () => folderOf("kept").then((folder) => readNote(folder, noteName(model))));
}

/** The whole file of a hash, as a file that reads as it is read. */
export async function openKeptFile(sha256: string): Promise<File> {
  return guard("read a model's file", async () => (await (await folderOf("files")).getFileHandle(sha256)).getFile());
}

/** A file that turned out to be damaged: it is fetched again when its models are. */
export async function dropFile(sha256: string): Promise<void> {
  await guard("delete a damaged file", async () => (await folderOf("files")).removeEntry(sha256));
}

/** Frees what no other model has, and no download. */
export async function removeModel(model: string): Promise<void> {
  await guard(`delete model ${model}`, async () => {
    const folder = await folderOf("kept");
    const name = noteName(model);
    if ((await namesIn(folder)).includes(name)) await folder.removeEntry(name);
  });
  await freeUnused();
}

/** A download that is given up. */
export async function removeParts(parts: readonly string[]): Promise<void> {
  await forgetParts(parts);
  await freeUnused();
}

async function freeUnused(): Promise<void> {
  const kept = (await listKeptModels()).flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  const used = new Set([...kept, ...(await wholeParts())]);
  await guard("free the space of a model", async () => {
    const folder = await folderOf("files");
    for (const name of await namesIn(folder)) if (!used.has(name)) await folder.removeEntry(name);
  });
}

async function readNote(folder: FileSystemDirectoryHandle, name: string): Promise<KeptModel | null> {
  try {
    const text = await (await (await folder.getFileHandle(name)).getFile()).text();
    return v.parse(noteSchema, JSON.parse(text));
  } catch {
    return null;
  }
}

/** Names of models have slashes, names of files must not. */
function noteName(model: string): string {
  return encodeURIComponent(model) + NOTE;
}

async function folderOf(name: "files" | "kept"): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return (await root.getDirectoryHandle("models", { create: true })).getDirectoryHandle(name, { create: true });
}
