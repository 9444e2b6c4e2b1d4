/** @file The files in a zip of whatever size, read where they lie (zip.js, decision 25). Comes in a chunk of its own. Zips that the page makes: model-zip.ts. */
import { BlobReader, configure, type FileEntry, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import { ModelError } from "../cat/models.ts";
import type { FoundFile } from "./found-models.ts";

// Its workers come from blob: addresses, and this is one already.
configure({ useWebWorkers: false });

/** @param name of the zip: the folder that its files are in, should it have none. @throws {ModelError} `file-damaged` for what is no zip */
export async function filesInZip(name: string, zip: Blob): Promise<FoundFile[]> {
  try {
    const entries = await new ZipReader(new BlobReader(zip)).getEntries();
    const folder = name.replace(/\.zip$/i, "");
    return entries
      .filter((entry) => !entry.directory)
      .map((entry) => ({
        path: `${folder}/${entry.filename.replaceAll("\\", "/")}`,
        content: { size: entry.uncompressedSize, stream: () => streamOf(entry) },
      }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `${name} cannot be opened as a zip (${why}). Copy it again from where it came.`;
    throw new ModelError("file-damaged", message, { cause: error });
  }
}

function streamOf(entry: FileEntry): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  entry
    .getData(writable, { checkSignature: false })
    .catch((error: unknown) => writable.abort(error).catch(() => undefined));
  return readable;
}
