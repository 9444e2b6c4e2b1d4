/** @file What the store's files have in common: growing by whole lines, and failures that say what to do. Leaves out which files there are. */
import { ModelError } from "../cat/models.ts";

/** TypeScript knows it in worker libraries only, which do not mix with the page's. */
export interface SyncAccessHandle {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(data: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
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

/** The same for bytes. */
interface ByteWriter {
  append(bytes: Uint8Array): void;
  close(): void;
}

/** Of a file, which is made if need be; nobody else has one meanwhile. */
export async function openHandle(folder: FileSystemDirectoryHandle, name: string): Promise<SyncAccessHandle> {
  const file: unknown = await folder.getFileHandle(name, { create: true });
  return (file as SyncFileHandle).createSyncAccessHandle();
}

/** @param at bytes from the beginning @throws DOMException `QuotaExceededError` where there is no room; some may be written then */
export function writeAll(handle: Pick<SyncAccessHandle, "write">, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) {
    const rest = bytes.subarray(done);
    const count = handle.write(rest, { at: at + done });
    // Chromium 156 returns 2³² − 8, its number for "no space", instead of throwing.
    if (count === 0 || count > rest.length) {
      throw new DOMException("The disk, or what the browser lends this page of it, is full.", "QuotaExceededError");
    }
    done += count;
  }
}

/** A writer at the end of a file, which is made if need be. @param what is being done, for a failure @throws {ModelError} `storage`, as the writer */
export async function openWriter(what: string, folder: FileSystemDirectoryHandle, name: string): Promise<ByteWriter> {
  const handle = await openHandle(folder, name);
  let end = handle.getSize();
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      throw failure(what, error);
    }
  };
  return {
    append(bytes) {
      attempt(() => {
        writeAll(handle, bytes, end);
        end += bytes.length;
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

export function lineWriter(file: ByteWriter): RunWriter {
  const encoder = new TextEncoder();
  return {
    append(lines) {
      file.append(encoder.encode(lines));
    },
    close() {
      file.close();
    },
  };
}

/** In place of what was there. */
export async function writeText(
  what: string,
  folder: FileSystemDirectoryHandle,
  name: string,
  text: string,
): Promise<void> {
  await guard(what, async () => {
    const handle = await openHandle(folder, name);
    try {
      const bytes = new TextEncoder().encode(text);
      const before = handle.getSize();
      try {
        // Room first: for want of it what was there must not be lost.
        writeAll(handle, bytes.subarray(before), before);
      } catch (error) {
        handle.truncate(before);
        throw error;
      }
      writeAll(handle, bytes, 0);
      handle.truncate(bytes.length);
      handle.flush();
    } finally {
      handle.close();
    }
  });
}

export async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

export async function guard<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof ModelError ? error : failure(what, error);
  }
}

export function failure(what: string, error: unknown): ModelError {
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
      return "It is in use, perhaps in another tab. Let what goes on there end or close that tab, then try again.";
    default:
      return "Reload the page, then try again.";
  }
}
