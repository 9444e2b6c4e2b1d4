/** @file The browser's private file system in memory, as far as src/store uses it, with failures on request. Folders below the root, one deep or two; files move between them. */
import { vi } from "vitest";

export interface TestFiles {
  /** Of the runs, by file name. */
  readonly texts: Texts;
  /** By path, such as "trainings/t/log.jsonl". */
  readonly bytes: Map<string, Uint8Array<ArrayBuffer>>;
  /** Names of files whose handle is open. */
  readonly open: Set<string>;
  /** Thrown instead of the operation, by its name: "write", "flush", "getFile", … */
  readonly failures: Map<string, Error>;
}

/** The files of one folder as texts. */
class Texts {
  readonly #bytes: Map<string, Uint8Array<ArrayBuffer>>;
  readonly #folder: string;

  constructor(bytes: Map<string, Uint8Array<ArrayBuffer>>, folder: string) {
    this.#bytes = bytes;
    this.#folder = folder;
  }

  get size(): number {
    return [...this.#bytes.keys()].filter((path) => path.startsWith(this.#folder)).length;
  }

  get(name: string): string | undefined {
    const bytes = this.#bytes.get(this.#folder + name);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  has(name: string): boolean {
    return this.#bytes.has(this.#folder + name);
  }

  set(name: string, text: string): void {
    this.#bytes.set(this.#folder + name, new TextEncoder().encode(text));
  }
}

/** Stands in for `navigator.storage` until `vi.unstubAllGlobals()`. */
export function useTestFiles(): TestFiles {
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  const files: TestFiles = { texts: new Texts(bytes, "runs/"), bytes, open: new Set(), failures: new Map() };
  const { open, failures } = files;
  const may = (operation: string, name = ""): void => {
    const error = failures.get(`${operation} ${name}`) ?? failures.get(operation);
    if (error !== undefined) throw error;
  };
  const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  const handleOf = (path: string) => {
    open.add(path);
    return {
      getSize: () => bytes.get(path)!.length,
      write: (data: Uint8Array, { at }: { at: number }) => {
        may("write");
        const before = bytes.get(path)!;
        const after = new Uint8Array(Math.max(before.length, at + data.length));
        after.set(before);
        after.set(data, at);
        bytes.set(path, after);
        return data.length;
      },
      read: (into: Uint8Array, { at }: { at: number }) => {
        may("read");
        const piece = bytes.get(path)!.subarray(at, at + into.length);
        into.set(piece);
        return piece.length;
      },
      truncate: (size: number) => {
        bytes.set(path, bytes.get(path)!.slice(0, size));
      },
      flush: () => {
        may("flush");
      },
      close: () => {
        open.delete(path);
      },
    };
  };
  const fileOf = (path: string) => ({
    move: async (folder: { path: string }, name: string) => {
      await Promise.resolve();
      may("move");
      if (open.has(path)) throw new DOMException("The file is in use.", "NoModificationAllowedError");
      bytes.set(folder.path + name, bytes.get(path)!);
      bytes.delete(path);
    },
    createSyncAccessHandle: async () => {
      await Promise.resolve();
      may("createSyncAccessHandle");
      if (open.has(path)) throw new DOMException("Access Handles cannot be created.", "NoModificationAllowedError");
      return handleOf(path);
    },
    getFile: async () => {
      await Promise.resolve();
      may("getFile", nameOf(path));
      return new Blob([bytes.get(path)!]);
    },
  });
  const missing = () => new DOMException("A file could not be found.", "NotFoundError");
  const folders = new Set<string>();
  const folderAt = (folder: string) => ({
    path: folder,
    getDirectoryHandle: async (name: string, options?: { create: boolean }) => {
      await Promise.resolve();
      const inner = `${folder}${name}/`;
      if (options?.create === true) folders.add(inner);
      if (!folders.has(inner)) throw missing();
      return folderAt(inner);
    },
    getFileHandle: async (name: string, options?: { create: boolean }) => {
      await Promise.resolve();
      const path = folder + name;
      if (!bytes.has(path)) {
        if (options?.create !== true) throw missing();
        bytes.set(path, new Uint8Array());
      }
      return fileOf(path);
    },
    removeEntry: async (name: string, options?: { recursive: boolean }) => {
      await Promise.resolve();
      const path = folder + name;
      const inner = options?.recursive === true ? [...bytes.keys()].filter((one) => one.startsWith(`${path}/`)) : [];
      if ([path, ...inner].some((one) => open.has(one))) {
        throw new DOMException("The file is in use.", "NoModificationAllowedError");
      }
      const gone = [bytes.delete(path), folders.delete(`${path}/`), ...inner.map((one) => bytes.delete(one))];
      if (!gone.includes(true)) throw missing();
    },
    async *keys() {
      await Promise.resolve();
      const paths = [...folders, ...bytes.keys()].filter((path) => path.startsWith(folder) && path !== folder);
      yield* new Set(paths.map((path) => path.slice(folder.length).split("/")[0]!));
    },
  });
  vi.stubGlobal("navigator", {
    storage: {
      getDirectory: async () => {
        await Promise.resolve();
        may("getDirectory");
        return folderAt("");
      },
    },
  });
  return files;
}
