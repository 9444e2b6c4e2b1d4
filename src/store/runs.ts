/** @file Run files in the browser's own file system (OPFS), one folder, one file a run. Knows names and text, not events. Worker only. */
import { ModelError } from "../cat/models.ts";

const SUFFIX = ".jsonl";

/** TypeScript knows it in worker libraries only, which do not mix with the page's. */
interface SyncAccessHandle {
  getSize(): number;
  write(data: Uint8Array, options: { at: number }): number;
  flush(): void;
  close(): void;
}

interface SyncFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

/** A file that grows by whole lines; what was appended survives a closed tab. */
export interface RunWriter {
  append(lines: string): void;
  /** Frees the file for readers elsewhere. Appending afterwards throws. */
  close(): void;
}

/** @throws {ModelError} `storage`, from every function here, with the browser's reason. */
export async function createRunFile(id: string): Promise<RunWriter> {
  return guard(`keep run ${id}`, async () => {
    const file: unknown = await (await folder()).getFileHandle(id + SUFFIX, { create: true });
    const handle = await (file as SyncFileHandle).createSyncAccessHandle();
    const encoder = new TextEncoder();
    let end = handle.getSize();
    return {
      append(lines) {
        end += handle.write(encoder.encode(lines), { at: end });
      },
      close() {
        // A closed tab loses nothing that was written; only a power cut needs the flush, which costs milliseconds.
        handle.flush();
        handle.close();
      },
    };
  });
}

/** Ids of all kept runs, in no order. */
export async function listRunFiles(): Promise<string[]> {
  return guard("list the runs", async () => {
    const ids: string[] = [];
    for await (const name of (await folder()).keys()) {
      if (name.endsWith(SUFFIX)) ids.push(name.slice(0, -SUFFIX.length));
    }
    return ids;
  });
}

export async function readRunFile(id: string): Promise<string> {
  return guard(`read run ${id}`, async () => {
    const file = await (await folder()).getFileHandle(id + SUFFIX);
    return (await file.getFile()).text();
  });
}

export async function removeRunFile(id: string): Promise<void> {
  return guard(`delete run ${id}`, async () => (await folder()).removeEntry(id + SUFFIX));
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle("runs", { create: true });
}

async function guard<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = "Free some space or leave private browsing, then try again.";
    throw new ModelError("storage", `The browser could not ${what}: ${reason} ${remedy}`, { cause: error });
  }
}
