/** @file Where files on their way are kept, as the downloader needs it; `store/` fills it in. Leaves out requests. */

/** What is wanted of a file; `null`: nobody has said. */
export interface WantedFile {
  readonly path: string;
  readonly bytes: number | null;
  /** Lower-case hex. Once a file was fetched without, what it had is wanted from then on. */
  readonly sha256: string | null;
}

/** Which file at the source the bytes of a part are of. */
export interface PartOrigin {
  readonly url: string;
  /** A strong ETag, else Last-Modified; `null`: the source says neither. */
  readonly validator: string | null;
  /** Of the whole file, as the source says. */
  readonly total: number | null;
}

/** A file on its way, open for one writer. What was appended survives a closed tab. */
export interface Part {
  readonly size: number;
  /** `null` as long as nothing was fetched. */
  readonly origin: PartOrigin | null;
  /** What is there, from its beginning. */
  read(): Iterable<Uint8Array>;
  append(bytes: Uint8Array): void;
  /** Empties it, for bytes of this origin. */
  restart(origin: PartOrigin | null): Promise<void>;
  /** Lets it rest as it is. Doing it twice does nothing. */
  close(): void;
}

export interface PartState {
  readonly size: number;
  readonly origin: PartOrigin | null;
  /** Hash of what it became, should it be whole already. */
  readonly whole: string | null;
}

export interface PartStore {
  /** Length of the whole file with this hash; `null`: it is not here. */
  wholeBytes(sha256: string): Promise<number | null>;
  /** How far a part is, without opening it. */
  look(name: string): Promise<PartState>;
  open(name: string): Promise<Part>;
  /** The part, closed, becomes the whole file of this hash. */
  keep(name: string, sha256: string): Promise<void>;
}
