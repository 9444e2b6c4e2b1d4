/**
 * @file Files of hub models on their way, in the browser's own file system (OPFS): the bytes so far, and beside them a line of JSON on where they
 * come from. Fills in `PartStore` of src/models by shape. Worker only. What is whole: model-files.ts.
 */
import * as v from "valibot";
import { failure, guard, namesIn, openHandle, type SyncAccessHandle, writeAll, writeText } from "./opfs.ts";

const BESIDE = ".json";
/** Read at a time. */
const PIECE_BYTES = 4 * 2 ** 20;

const originSchema = v.object({ url: v.string(), validator: v.nullable(v.string()), total: v.nullable(v.number()) });
const besideSchema = v.object({ origin: v.nullable(originSchema), whole: v.nullable(v.string()) });

type PartOrigin = v.InferOutput<typeof originSchema>;
type Beside = v.InferOutput<typeof besideSchema>;

/** @throws {ModelError} `storage`, from every function here and of the part, with the browser's reason */
export function lookAtPart(name: string): Promise<Beside & { readonly size: number }> {
  return guard("look at a download", async () => {
    const folder = await partsFolder();
    const names = new Set(await namesIn(folder));
    const size = names.has(name) ? (await (await folder.getFileHandle(name)).getFile()).size : 0;
    const nothing: Beside = { origin: null, whole: null };
    return { ...(names.has(name + BESIDE) ? await readBeside(folder, name) : nothing), size };
  });
}

/** What of a part has whole files, by the part's name: their hashes. */
export function wholeParts(): Promise<string[]> {
  return guard("look at the downloads", async () => {
    const folder = await partsFolder();
    const names = (await namesIn(folder)).filter((name) => name.endsWith(BESIDE));
    const beside = await Promise.all(names.map((name) => readBeside(folder, name.slice(0, -BESIDE.length))));
    return beside.flatMap(({ whole }) => whole ?? []);
  });
}

export async function openPart(name: string): Promise<OpfsPart> {
  const what = "keep a download";
  return guard(what, async () => {
    const folder = await partsFolder();
    const handle = await openHandle(folder, name);
    try {
      const { origin } = (await namesIn(folder)).includes(name + BESIDE)
        ? await readBeside(folder, name)
        : { origin: null };
      return new OpfsPart(what, { folder, name, handle, origin });
    } catch (error) {
      handle.close();
      throw error;
    }
  });
}

/** Says what a part becomes; its bytes are still to be moved. */
export async function markWhole(name: string, sha256: string): Promise<FileSystemFileHandle> {
  const folder = await partsFolder();
  const { origin } = await readBeside(folder, name);
  await writeBeside("keep a download", folder, name, { origin, whole: sha256 });
  return folder.getFileHandle(name);
}

/** With all that is known of them; there may be none. */
export async function forgetParts(names: readonly string[]): Promise<void> {
  await guard("delete a download", async () => {
    const folder = await partsFolder();
    const there = new Set(await namesIn(folder));
    for (const name of names.flatMap((part) => [part, part + BESIDE])) {
      if (there.has(name)) await folder.removeEntry(name);
    }
  });
}

class OpfsPart {
  readonly #what: string;
  readonly #folder: FileSystemDirectoryHandle;
  readonly #name: string;
  readonly #handle: SyncAccessHandle;
  #origin: PartOrigin | null;
  #size: number;
  #closed = false;

  constructor(
    what: string,
    part: {
      readonly folder: FileSystemDirectoryHandle;
      readonly name: string;
      readonly handle: SyncAccessHandle;
      readonly origin: PartOrigin | null;
    },
  ) {
    this.#what = what;
    this.#folder = part.folder;
    this.#name = part.name;
    this.#handle = part.handle;
    this.#origin = part.origin;
    this.#size = part.handle.getSize();
  }

  get size(): number {
    return this.#size;
  }

  get origin(): PartOrigin | null {
    return this.#origin;
  }

  /** Each piece is good until the next. */
  *read(): Generator<Uint8Array> {
    const buffer = new Uint8Array(Math.min(PIECE_BYTES, this.#size));
    for (let at = 0; at < this.#size;) {
      const count = this.#attempt(() => this.#handle.read(buffer, { at }));
      if (count === 0) return; // shorter than it said
      yield buffer.subarray(0, count);
      at += count;
    }
  }

  append(bytes: Uint8Array): void {
    this.#attempt(() => {
      writeAll(this.#handle, bytes, this.#size);
    });
    this.#size += bytes.length;
  }

  /** The bytes go before the note of where they come from: never may it stand beside bytes of another origin. */
  async restart(origin: PartOrigin | null): Promise<void> {
    this.#attempt(() => {
      this.#handle.truncate(0);
    });
    this.#size = 0;
    this.#origin = origin;
    await writeBeside(this.#what, this.#folder, this.#name, { origin, whole: null });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#attempt(() => {
      try {
        this.#handle.flush();
      } finally {
        this.#handle.close();
      }
    });
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw failure(this.#what, error);
    }
  }
}

/** What cannot be read is as if nothing had been noted: the part begins again. */
async function readBeside(folder: FileSystemDirectoryHandle, name: string): Promise<Beside> {
  try {
    const text = await (await (await folder.getFileHandle(name + BESIDE)).getFile()).text();
    return v.parse(besideSchema, JSON.parse(text));
  } catch {
    return { origin: null, whole: null };
  }
}

function writeBeside(what: string, folder: FileSystemDirectoryHandle, name: string, beside: Beside): Promise<void> {
  return writeText(what, folder, name + BESIDE, JSON.stringify(beside));
}

async function partsFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return (await root.getDirectoryHandle("models", { create: true })).getDirectoryHandle("parts", { create: true });
}
