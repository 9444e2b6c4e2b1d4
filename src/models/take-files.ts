/** @file Files of a hub model that are at hand, from a stick or another machine: read into the store and verified as if they had been fetched. Leaves out which file is which (src/lab/found-models.ts). */
import { ModelError, type ModelFile } from "../cat/models.ts";
import type { Part, PartStore, WantedFile } from "./parts.ts";
import { type Progress, ProgressMeter } from "./progress-meter.ts";
import { checkRoom, type Room } from "./room.ts";
import { startHash } from "./sha256.ts";

/** What can be read as often as need be: a file, or a file in a zip. */
export interface Content {
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

export interface FileToTake extends WantedFile {
  /** Of its part in the store. */
  readonly name: string;
  readonly content: Content;
}

interface TakeOptions {
  readonly store: PartStore;
  readonly room: Room;
  readonly stop: AbortSignal;
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * What was taken before a failure stays, and is not read again.
 * @returns length and hash of each, in order. @throws {ModelError} `file-damaged` naming the file that is not what was promised, `file-missing` if it cannot be read, `storage`; the reason of `stop`
 */
export async function takeFiles(files: readonly FileToTake[], options: TakeOptions): Promise<readonly ModelFile[]> {
  const { store, room, now, onProgress } = options;
  for (const { path, bytes, content } of files) {
    if (bytes !== null && bytes !== content.size) throw other(path, `${content.size} bytes instead of ${bytes}`);
  }
  const here = await Promise.all(
    files.map(async ({ sha256, content }) => sha256 !== null && (await store.wholeBytes(sha256)) === content.size),
  );
  const sizes = files.map(({ content }) => content.size);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  await checkRoom(sum(sizes.filter((_, i) => !here[i])), room);
  const reached = sizes.map((size, i) => (here[i] === true ? size : 0));
  const meter = new ProgressMeter(sum(sizes), reached, now, onProgress);
  const taken: ModelFile[] = [];
  for (const [i, file] of files.entries()) {
    const { path, name, content } = file;
    if (here[i] === true) {
      taken.push({ path, bytes: content.size, sha256: file.sha256! });
      continue;
    }
    const part = await store.open(name);
    let sha256: string;
    try {
      sha256 = await pour(file, part, options.stop, (count) => {
        meter.reach(i, count);
      });
    } finally {
      part.close();
    }
    await store.keep(name, sha256);
    taken.push({ path, bytes: content.size, sha256 });
  }
  return taken;
}

/** @returns the hash. What is not the file that was promised leaves nothing behind. */
async function pour(
  file: FileToTake,
  part: Part,
  stop: AbortSignal,
  reached: (bytes: number) => void,
): Promise<string> {
  const { path, sha256: wanted, content } = file;
  await part.restart(null);
  try {
    const hash = await startHash();
    for await (const piece of pieces(file)) {
      stop.throwIfAborted();
      part.append(piece);
      hash.update(piece);
      reached(part.size);
    }
    const found = hash.digest();
    if (part.size !== content.size) throw other(path, `${part.size} bytes instead of ${content.size}`);
    if (wanted !== null && wanted !== found) throw other(path, `SHA-256 ${found} instead of ${wanted}`);
    return found;
  } catch (error) {
    await part.restart(null);
    throw error;
  }
}

async function* pieces({ path, content }: FileToTake): AsyncGenerator<Uint8Array> {
  const reader = content.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `${path} could not be read to its end (${why}). Copy it again from where it came, and import it again.`;
    throw new ModelError("file-missing", message, { cause: error });
  } finally {
    // Rejects if reading has failed; that was said already.
    await reader.cancel().catch(() => undefined);
  }
}

function other(path: string, what: string): ModelError {
  const message = `${path} is not the file that was promised: it has ${what}. Copy it again from where it came, or fetch it.`;
  return new ModelError("file-damaged", message);
}
