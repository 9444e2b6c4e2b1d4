/** @file The browser's private file system in memory, as far as store/runs.ts uses it, with failures on request. One folder. */
import { vi } from "vitest";

export interface TestFiles {
  /** By file name. */
  readonly texts: Map<string, string>;
  /** Names of files whose handle is open. */
  readonly open: Set<string>;
  /** Thrown instead of the operation, by its name: "write", "flush", "getFile", … */
  readonly failures: Map<string, Error>;
}

/** Stands in for `navigator.storage` until `vi.unstubAllGlobals()`. */
export function useTestFiles(): TestFiles {
  const files: TestFiles = { texts: new Map(), open: new Set(), failures: new Map() };
  const { texts, open, failures } = files;
  const may = (operation: string, name = ""): void => {
    const error = failures.get(`${operation} ${name}`) ?? failures.get(operation);
    if (error !== undefined) throw error;
  };
  const handleOf = (name: string) => {
    open.add(name);
    return {
      getSize: () => new TextEncoder().encode(texts.get(name)).length,
      write: (data: Uint8Array) => {
        may("write");
        texts.set(name, (texts.get(name) ?? "") + new TextDecoder().decode(data));
        return data.length;
      },
      flush: () => {
        may("flush");
      },
      close: () => {
        open.delete(name);
      },
    };
  };
  const fileOf = (name: string) => ({
    createSyncAccessHandle: async () => {
      await Promise.resolve();
      may("createSyncAccessHandle");
      if (open.has(name)) throw new DOMException("Access Handles cannot be created.", "NoModificationAllowedError");
      return handleOf(name);
    },
    getFile: async () => {
      await Promise.resolve();
      may("getFile", name);
      return { text: () => Promise.resolve(texts.get(name)!) };
    },
  });
  const folder = {
    getFileHandle: async (name: string, options?: { create: boolean }) => {
      await Promise.resolve();
      if (!texts.has(name)) {
        if (options?.create !== true) throw new DOMException("A file could not be found.", "NotFoundError");
        texts.set(name, "");
      }
      return fileOf(name);
    },
    removeEntry: async (name: string) => {
      await Promise.resolve();
      if (open.has(name)) throw new DOMException("The file is in use.", "NoModificationAllowedError");
      if (!texts.delete(name)) throw new DOMException("A file could not be found.", "NotFoundError");
    },
    async *keys() {
      await Promise.resolve();
      yield* [...texts.keys()];
    },
  };
  const root = {
    getDirectoryHandle: () => Promise.resolve(folder),
  };
  vi.stubGlobal("navigator", {
    storage: {
      getDirectory: async () => {
        await Promise.resolve();
        may("getDirectory");
        return root;
      },
    },
  });
  return files;
}
