/** @file Hub models in a folder, as a class server gives them to its pages: `owner/name/…`, as exports unpack and clones lie, or the hub's own addresses. Leaves out serving. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Catalogue, parseCatalogue } from "../src/models/catalogue.ts";
import { variantKey } from "../src/models/hub-key.ts";
import { localPath } from "./server.ts";

/** The hub's layout, of one file of one revision. */
const ADDRESS = /^([\w.-]+\/[\w.-]+)\/resolve\/([^/]+)\/(.+)$/;

/** @param address path of an address. @returns the file that it names; `null` if it names none of a model, or one that is not there */
export async function classModelFile(folder: string, address: string): Promise<string | null> {
  const [, id, revision, path] = ADDRESS.exec(address) ?? [];
  if (id === undefined) return null;
  for (const below of [`${id}/resolve/${revision}/${path}`, `${id}/${path}`]) {
    // Once more: what came was decoded, and might lead out of this folder.
    const file = localPath(folder, "", encodeURI(below));
    if (file !== null && (await stat(file).catch(() => null))?.isFile() === true) return file;
  }
  return null;
}

/** What the folder has of the catalogue: whole models by "owner/name@dtype", and begun ones with what they lack. */
export async function classModels(
  folder: string,
  { models }: Catalogue,
): Promise<{ readonly whole: readonly string[]; readonly lacking: readonly string[] }> {
  const whole: string[] = [];
  const lacking: string[] = [];
  for (const { id, revision, notRunnable, files, variants } of models) {
    const found = (path: string) => classModelFile(folder, `${id}/resolve/${revision ?? "main"}/${path}`);
    if (notRunnable !== null || (await found("config.json")) === null) continue;
    for (const { dtype, files: own } of variants) {
      const missing: string[] = [];
      for (const { path, optional } of [...files, ...own]) {
        if (!optional && (await found(path)) === null) missing.push(path);
      }
      const key = variantKey(id, dtype);
      if (missing.length === 0) whole.push(key);
      // Nobody carries every dtype.
      else if (!own.every(({ path }) => missing.includes(path))) lacking.push(`${key} lacks ${missing.join(", ")}`);
    }
  }
  return { whole, lacking };
}

/** The page's catalogue, saying that models come from the server that the page came from. */
export async function classCatalogue(dist: string): Promise<Catalogue> {
  const text = await readFile(join(dist, "models/catalogue.json"), "utf8");
  return { ...parseCatalogue(JSON.parse(text)), host: "./" };
}
