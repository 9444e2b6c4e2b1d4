/** @file Fetches the files of a model, one after the other, and verifies each. Leaves out keeping them (`store/`) and resuming. */
import { ModelError, type ModelFile } from "../cat/models.ts";
import type { ModelEntry } from "./manifest.ts";
import type { ModelSource } from "./source.ts";
import { damaged, verifyFile } from "./verify-file.ts";

export interface DownloadedModel {
  readonly records: readonly ModelFile[];
  /** By path in the model's folder. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Those that stay where they are kept and are read in parts, by path; left out: there are none. */
  readonly onDisk?: ReadonlyMap<string, Blob>;
}

export interface DownloadOptions {
  /** Called for each piece that arrives; `totalBytes` is that of all files and never changes. */
  readonly onProgress?: (loadedBytes: number, totalBytes: number) => void;
  readonly stop?: AbortSignal | undefined;
}

/** @throws {ModelError} `file-missing`, `file-damaged`; the reason of `stop` */
export async function downloadModel(
  source: ModelSource,
  entry: ModelEntry,
  { onProgress, stop }: DownloadOptions = {},
): Promise<DownloadedModel> {
  const total = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  const bytes = new Map<string, Uint8Array>();
  let before = 0;
  for (const file of entry.files) {
    const arrived = (loaded: number): void => onProgress?.(before + loaded, total);
    const content = await fetchFile(source(entry, file.path), file, { arrived, stop });
    await verifyFile(file, content);
    bytes.set(file.path, content);
    before += file.bytes;
  }
  return { records: entry.files, bytes };
}

interface FetchOptions {
  readonly arrived: (loaded: number) => void;
  readonly stop: AbortSignal | undefined;
}

/** Reads straight into a buffer of the promised size, so that a large file is held once. */
async function fetchFile(
  url: string,
  file: ModelFile,
  { arrived, stop }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, file, stop);
  const content = new Uint8Array(file.bytes);
  let loaded = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const piece = await reader?.read().catch((error: unknown): never => {
      stop?.throwIfAborted();
      throw missing(file, `stopped after ${loaded} of ${file.bytes} bytes (${String(error)})`, error);
    });
    if (piece === undefined || piece.done) break;
    if (loaded + piece.value.length > file.bytes) {
      await reader?.cancel();
      throw damaged(file, `is longer than the ${file.bytes} bytes that the manifest promises`);
    }
    content.set(piece.value, loaded);
    loaded += piece.value.length;
    arrived(loaded);
  }
  return content.subarray(0, loaded);
}

async function request(url: string, file: ModelFile, stop: AbortSignal | undefined): Promise<Response> {
  stop?.throwIfAborted();
  const response = await fetch(url, { signal: stop ?? null }).catch((error: unknown): never => {
    stop?.throwIfAborted();
    throw missing(file, `could not be fetched from ${url} (${String(error)})`, error);
  });
  if (response.ok) return response;
  throw missing(file, `could not be fetched from ${url} (status ${response.status})`);
}

function missing({ path }: ModelFile, what: string, cause?: unknown): ModelError {
  const message = `${path} ${what}. Check the connection and load the model again.`;
  return new ModelError("file-missing", message, { cause });
}
