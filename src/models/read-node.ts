/** @file The same files from a folder, for Node: benches and tests. Never part of the page's bundle. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "../cat/models.ts";
import type { DownloadedModel } from "./download.ts";
import type { ModelEntry } from "./manifest.ts";
import { verifyFile } from "./verify-file.ts";

/** @param folder that holds the entry's files @throws {ModelError} `file-missing`, `file-damaged` */
export async function readModel(folder: string, entry: ModelEntry): Promise<DownloadedModel> {
  const bytes = new Map<string, Uint8Array>();
  for (const file of entry.files) {
    const content = await readFile(join(folder, file.path)).catch((error: unknown): never => {
      const message = `${file.path} cannot be read in ${folder}. Check that the model was exported there.`;
      throw new ModelError("file-missing", message, { cause: error });
    });
    await verifyFile(file, content);
    bytes.set(file.path, content);
  }
  return { records: entry.files, bytes };
}
