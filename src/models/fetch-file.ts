/**
 * @file One file, fetched until it is whole and verified: goes on where it was left, begins again where the source has another version, fetches
 * damage anew once. Leaves out the other files of its model (hub-download.ts).
 */
import { ModelError, type ModelFile } from "../cat/models.ts";
import { type FileAnswer, type HubToken, isOther, requestFile } from "./file-request.ts";
import type { Part, PartStore, WantedFile } from "./parts.ts";
import { Attempts, type Patience, Watchdog } from "./patience.ts";
import { type StreamingHash, startHash } from "./sha256.ts";
import { damaged } from "./verify-file.ts";

/** Versions that a file may go through while it is fetched. */
const MOST_RESTARTS = 3;
const OTHER = "its source has another version now";

export interface FileOptions {
  readonly store: PartStore;
  /** Of the part in the store. */
  readonly name: string;
  readonly url: string;
  readonly token: HubToken | null;
  readonly patience: Patience;
  readonly stop: AbortSignal;
  /** How many bytes of the file are there. Fewer than before: it was begun again. */
  readonly reached: (bytes: number) => void;
  /** A commit that the source named; more than once. */
  readonly commit: (commit: string) => void;
  /** Something that took more than one attempt, as a sentence. */
  readonly note: (text: string) => void;
}

/** @throws {ModelError} `file-missing`, `file-damaged`, `storage`; the reason of `stop`. What was fetched stays, unless it is damaged. */
export async function fetchFile(file: WantedFile, options: FileOptions): Promise<ModelFile> {
  const part = await options.store.open(options.name);
  let found: ModelFile;
  try {
    const hash = await hashSoFar(part, options.stop);
    options.reached(part.size);
    found = await new FileFetch(file, part, hash, options).fetch();
  } finally {
    part.close();
  }
  await options.store.keep(options.name, found.sha256);
  return found;
}

/** Others in this worker get a turn now and then: a gigabyte takes seconds. */
const PIECES_A_TURN = 16;

async function hashSoFar(part: Part, stop: AbortSignal): Promise<StreamingHash> {
  const hash = await startHash();
  let pieces = 0;
  for (const piece of part.read()) {
    hash.update(piece);
    if (++pieces % PIECES_A_TURN > 0) continue;
    await new Promise((turn) => setTimeout(turn));
    stop.throwIfAborted();
  }
  return hash;
}

class FileFetch {
  readonly #file: WantedFile;
  readonly #part: Part;
  readonly #hash: StreamingHash;
  readonly #options: FileOptions;
  #restarts = 0;
  /** With If-Range. Where that is refused, the answer's own validator is compared instead. */
  #conditional = true;

  constructor(file: WantedFile, part: Part, hash: StreamingHash, options: FileOptions) {
    this.#file = file;
    this.#part = part;
    this.#hash = hash;
    this.#options = options;
  }

  async fetch(): Promise<ModelFile> {
    const { path, sha256: wanted } = this.#file;
    for (let again = false; ; again = true) {
      const bytes = await this.#fill();
      const sha256 = this.#hash.digest();
      if (wanted === null || wanted === sha256) return { path, bytes, sha256 };
      await this.#empty();
      if (again) throw damaged(this.#file, `has SHA-256 ${sha256} instead of ${wanted}`);
      this.#options.note(`${path} arrived damaged; it alone is fetched again.`);
    }
  }

  /** @returns the bytes of the whole file */
  async #fill(): Promise<number> {
    const { patience, stop } = this.#options;
    const attempts = new Attempts(patience, stop);
    for (;;) {
      stop.throwIfAborted();
      if (!this.#mayGoOn()) await this.#begin("its source does not say whether it is the same still");
      const before = this.#part.size;
      if (before === this.#total) return before;
      const watchdog = new Watchdog(patience.stallMs, stop);
      let why: unknown = new Error("the connection ended too soon");
      try {
        if (await this.#attempt(watchdog)) return this.#part.size;
      } catch (error) {
        stop.throwIfAborted();
        if (error instanceof ModelError) throw error;
        why = watchdog.signal.aborted ? watchdog.signal.reason : error;
      } finally {
        watchdog.end();
      }
      if (!(await attempts.again(this.#part.size > before))) throw this.#unreachable(why);
    }
  }

  /** @returns whether that was all of a file whose length nobody said */
  async #attempt(watchdog: Watchdog): Promise<boolean> {
    const part = this.#part;
    const answer = await this.#ask(watchdog.signal);
    watchdog.feed();
    if (answer.commit !== null) this.#options.commit(answer.commit);
    const { bytes } = this.#file;
    if (answer.total !== null && bytes !== null && answer.total !== bytes) {
      await answer.body?.cancel();
      throw damaged(this.#file, `has ${answer.total} bytes at its source instead of ${bytes}`);
    }
    const { from, total, validator, body } = answer;
    if (body === null && total === part.size) return true;
    if (body === null || !this.#fits(answer)) {
      await body?.cancel();
      await this.#begin(OTHER);
      return false;
    }
    if (from === 0) {
      const same = isOther(this.#validator, validator) === false;
      await this.#begin(same ? "its source cannot go on in the middle" : OTHER, {
        url: this.#options.url,
        validator,
        total,
      });
    }
    await this.#pour(body, watchdog);
    return this.#total === null;
  }

  async #ask(signal: AbortSignal): Promise<FileAnswer> {
    const { url, token } = this.#options;
    const from = this.#part.size;
    const validator = from === 0 ? null : this.#validator;
    const ask = (ifRange: string | null) => requestFile(this.#file.path, { url, from, ifRange, token, signal });
    if (validator === null || !this.#conditional) return ask(null);
    try {
      return await ask(validator);
    } catch (error) {
      // A refused preflight looks like a dead line, so the same is asked at once without.
      if (!(error instanceof TypeError) || signal.aborted) throw error;
      this.#conditional = false;
      return ask(null);
    }
  }

  /** Do the answer's bytes continue the part's, or begin anew? */
  #fits({ from, validator }: FileAnswer): boolean {
    if (from === 0) return true;
    const other = isOther(this.#validator, validator);
    return from === this.#part.size && (other === false || (other === null && this.#file.sha256 !== null));
  }

  /** Bytes of unknown origin are worth something only where the hash will tell. */
  #mayGoOn(): boolean {
    const { size, origin } = this.#part;
    if (size === 0) return true;
    if (size > (this.#total ?? Infinity)) return false;
    if (this.#file.sha256 !== null) return true;
    return origin?.url === this.#options.url && (origin.validator !== null || size === origin.total);
  }

  async #pour(body: ReadableStream<Uint8Array>, watchdog: Watchdog): Promise<void> {
    // Not "for await": Safari has no such streams.
    const reader = body.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        watchdog.feed();
        await this.#take(next.value);
      }
    } catch (error) {
      // A full disk must not leave the line busy.
      await reader.cancel().catch(() => undefined);
      throw error;
    }
  }

  async #take(piece: Uint8Array): Promise<void> {
    const total = this.#total ?? Infinity;
    if (this.#part.size + piece.length > total) {
      await this.#empty();
      throw damaged(this.#file, `is longer than the ${total} bytes that were promised`);
    }
    this.#part.append(piece);
    this.#hash.update(piece);
    this.#options.reached(this.#part.size);
  }

  /** Of the bytes that are here; another host's says nothing to this one. */
  get #validator(): string | null {
    const { origin } = this.#part;
    return origin?.url === this.#options.url ? origin.validator : null;
  }

  get #total(): number | null {
    return this.#file.bytes ?? this.#part.origin?.total ?? null;
  }

  /** From the first byte, of that origin; says so where bytes are lost by it. */
  async #begin(why: string, origin: Part["origin"] = null): Promise<void> {
    if (this.#part.size > 0) {
      const { path } = this.#file;
      if (++this.#restarts > MOST_RESTARTS) throw damaged({ path }, `had to begin again too often: ${why}`);
      this.#options.note(`${path} begins again: ${why}.`);
    }
    await this.#empty(origin);
  }

  async #empty(origin: Part["origin"] = null): Promise<void> {
    await this.#part.restart(origin);
    this.#hash.restart();
    this.#options.reached(0);
  }

  #unreachable(cause: unknown): ModelError {
    const { path, bytes } = this.#file;
    const of = bytes === null ? "" : ` of ${bytes}`;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${path} stopped at ${this.#part.size}${of} bytes (${why}). What is here stays: go on when the connection is back.`;
    return new ModelError("file-missing", message, { cause });
  }
}
