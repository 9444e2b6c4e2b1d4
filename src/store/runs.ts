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
  /** Frees the file for readers elsewhere, even when it throws. Appending afterwards throws. */
  close(): void;
}

/** @throws {ModelError} `storage`, from every function here and of the writer, with the browser's reason. */
export async function createRunFile(id: string): Promise<RunWriter> {
  const what = `keep run ${id}`;
  return guard(what, async () => {
    const file: unknown = await (await folder()).getFileHandle(id + SUFFIX, { create: true });
    return writer(what, await (file as SyncFileHandle).createSyncAccessHandle());
  });
}

/** Keeps a whole file, in place of any of that id; after a failure there is none. */
export async function writeRunFile(id: string, text: string): Promise<void> {
  if ((await listRunFiles()).includes(id)) await removeRunFile(id);
  const file = await createRunFile(id);
  try {
    try {
      file.append(text);
    } finally {
      file.close();
    }
  } catch (error) {
    await removeRunFile(id).catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
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

function writer(what: string, handle: SyncAccessHandle): RunWriter {
  const encoder = new TextEncoder();
  let end = handle.getSize();
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      throw failure(what, error);
    }
  };
  return {
    append(lines) {
      attempt(() => {
        end += handle.write(encoder.encode(lines), { at: end });
      });
    },
    close() {
      attempt(() => {
        try {
          // A closed tab loses nothing that was written; only a power cut needs the flush, which costs milliseconds.
          handle.flush();
        } finally {
          handle.close();
        }
      });
    },
  };
}

async function guard<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw failure(what, error);
  }
}

function failure(what: string, error: unknown): ModelError {
  const reason = error instanceof Error ? error.message : String(error);
  const remedy = remedyFor(error instanceof Error ? error.name : "");
  return new ModelError("storage", `The browser could not ${what}: ${reason} ${remedy}`, { cause: error });
}

/** @param name of the browser's exception. */
function remedyFor(name: string): string {
  switch (name) {
    case "QuotaExceededError":
    case "SecurityError":
      return "Free some space or leave private browsing, then try again.";
    case "NotFoundError":
      return "It is not there any more, perhaps deleted in another tab. Reload the page to see what is kept.";
    case "NoModificationAllowedError":
      return "It is in use, perhaps by a run in another tab. Let that run end or close that tab, then try again.";
    default:
      return "Reload the page, then try again.";
  }
}
