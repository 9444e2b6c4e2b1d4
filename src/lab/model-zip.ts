/** @file A kept model as a zip in the layout of the hub, every file verified on the way. Its bytes are not copied: the zip is made of the kept files and of what fflate writes between them. */
import { Zip, ZipPassThrough } from "fflate";
import { ModelError, type ModelFile } from "../cat/models.ts";
import { startHash } from "../models/sha256.ts";
import type { HubModel } from "../models/catalogue.ts";
import type { KeptModel } from "../store/model-files.ts";
import { noteName, noteText } from "./zip-note.ts";

/** What the form can say of lengths; 64 bits fflate does not write. */
const MOST_BYTES = 2 ** 32 - 1;
/** Read at a time. */
const PIECE_BYTES = 4 * 2 ** 20;

interface ZipOptions {
  /** What is known of it where others may not know it; `null`: everybody does. */
  readonly entry: HubModel | null;
  /** A kept file by its hash. */
  readonly open: (sha256: string) => Promise<Blob>;
  readonly stop: AbortSignal;
  /** Bytes of each file that were read, by its place. */
  readonly reached: (index: number, bytes: number) => void;
}

/** @throws {ModelError} `file-damaged` naming the file, `storage` above 4 GB; the reason of `stop` */
export async function modelZip(kept: KeptModel, options: ZipOptions): Promise<Blob> {
  const { model, files } = kept;
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > MOST_BYTES - 2 ** 20) {
    const message = `${model} has more than the 4 GB that fit into a zip. Put its files into a folder for the class server instead.`;
    throw new ModelError("storage", message);
  }
  const [id = "", dtype = ""] = model.split("@");
  const parts = new ZipParts();
  const note = new TextEncoder().encode(noteText(kept, options.entry));
  parts.begin(`${id}/${noteName(dtype)}`).push(note, true);
  for (const [i, file] of files.entries()) {
    await add(file, parts.begin(`${id}/${file.path}`), parts, {
      ...options,
      reached: (bytes) => {
        options.reached(i, bytes);
      },
    });
  }
  return parts.end();
}

async function add(
  file: ModelFile,
  entry: ZipPassThrough,
  parts: ZipParts,
  { open, stop, reached }: Pick<ZipOptions, "open" | "stop"> & { readonly reached: (bytes: number) => void },
): Promise<void> {
  const content = await open(file.sha256);
  const hash = await startHash();
  for (let at = 0; at < content.size; at += PIECE_BYTES) {
    stop.throwIfAborted();
    const slice = content.slice(at, at + PIECE_BYTES);
    const piece = new Uint8Array(await slice.arrayBuffer());
    hash.update(piece);
    parts.lies(piece, slice);
    entry.push(piece, false);
    reached(at + piece.length);
  }
  entry.push(new Uint8Array(), true);
  if (hash.digest() === file.sha256) return;
  const message = `${file.path} was damaged in this browser's storage, so nothing was exported. Press Verify now, then Mend, then export again.`;
  throw new ModelError("file-damaged", message);
}

/** Collects what fflate writes; of pieces that lie in a file already, the place instead of the bytes. */
class ZipParts {
  readonly #parts: BlobPart[] = [];
  #piece: Uint8Array | undefined;
  #slice: Blob | undefined;
  readonly #zip = new Zip((error, chunk) => {
    // Of names that are too long, which no catalogue has.
    if (error !== null) throw error;
    this.#parts.push(chunk === this.#piece ? this.#slice! : new Uint8Array(chunk));
  });

  begin(path: string): ZipPassThrough {
    const entry = new ZipPassThrough(path);
    this.#zip.add(entry);
    return entry;
  }

  /** The next piece, which is pushed at once. */
  lies(piece: Uint8Array, slice: Blob): void {
    this.#piece = piece;
    this.#slice = slice;
  }

  end(): Blob {
    this.#zip.end();
    return new Blob(this.#parts, { type: "application/zip" });
  }
}
