/** @file All files of a model that is not shipped with the page: what is here stays, the rest is fetched, a few at once. Leaves out where it is kept (`store/`) and which models there are (catalogue.ts). */
import { concurrently } from "../cat/concurrently.ts";
import { ModelError, type ModelFile } from "../cat/models.ts";
import { fetchFile } from "./fetch-file.ts";
import { AbsentError, type HubToken, PassingError, requestFile } from "./file-request.ts";
import type { PartStore, WantedFile } from "./parts.ts";
import { Attempts, PATIENCE, type Patience } from "./patience.ts";
import { type Progress, ProgressMeter } from "./progress-meter.ts";
import { checkRoom, type Room } from "./room.ts";

/** More would not be faster on one line, and each holds a connection of the hub. */
const AT_ONCE = 3;

export interface HubFile extends WantedFile {
  readonly url: string;
  /** Nothing is wrong if the source has none. */
  readonly optional: boolean;
  /** The same for the same file of the same revision, wherever it is fetched from; fit to be a file's name. */
  readonly name: string;
}

export interface HubDownloadOptions {
  readonly store: PartStore;
  readonly room: Room;
  readonly token?: HubToken | null;
  readonly patience?: Patience;
  readonly stop: AbortSignal;
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
  /** A commit of the repository that the source named; once for each. */
  readonly onCommit?: (commit: string) => void;
  /** What did not go smoothly, a sentence each. */
  readonly onNote?: (text: string) => void;
}

/**
 * What was fetched stays when it fails or is stopped, and is not fetched again.
 * @returns every file that there is, with its length and hash, in order. @throws {ModelError} `file-missing`, `file-damaged`, `storage`; the reason of `stop`
 */
export async function downloadHubFiles(
  wanted: readonly HubFile[],
  options: HubDownloadOptions,
): Promise<readonly ModelFile[]> {
  const { store, token = null, patience = PATIENCE, now, onProgress, onNote } = options;
  const stand = async (file: HubFile) => ({ file, ...(await standingOf(file, options)) });
  const standing = (await Promise.all(wanted.map((file) => stand(file).catch(unlessAbsent(file))))).filter(
    (s) => s !== null,
  );
  const total = standing.reduce((sum, { bytes }) => sum + bytes, 0);
  const here = standing.map(({ reached }) => reached);
  await checkRoom(total - here.reduce((sum, bytes) => sum + bytes, 0), options.room);
  const meter = new ProgressMeter(total, here, now, onProgress);
  const note = onNote ?? (() => undefined);
  const commits = new Set<string>();
  const commit = (named: string): void => {
    if (commits.has(named)) return;
    commits.add(named);
    options.onCommit?.(named);
  };
  // The first failure stops the others: they would use up the line for nothing.
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  const found = await concurrently(standing, AT_ONCE, async ({ file, whole, bytes }, index) => {
    if (whole !== null) return { path: file.path, bytes, sha256: whole };
    const reached = (count: number): void => {
      meter.reach(index, count);
    };
    const { name, url } = file;
    try {
      const fetched = await fetchFile(file, { store, name, url, token, patience, stop, reached, commit, note });
      meter.correct(fetched.bytes - bytes);
      return fetched;
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  stop.throwIfAborted();
  return found;
}

function unlessAbsent({ optional }: HubFile): (error: unknown) => null {
  return (error) => {
    if (optional && error instanceof AbsentError) return null;
    throw error;
  };
}

/** Of one file before the start. */
interface Standing {
  readonly bytes: number;
  readonly reached: number;
  /** Hash of the whole file, if it is here. */
  readonly whole: string | null;
}

async function standingOf(file: HubFile, options: HubDownloadOptions): Promise<Standing> {
  const { store } = options;
  const part = await store.look(file.name);
  const whole = file.sha256 ?? part.whole;
  const kept = whole === null ? null : await store.wholeBytes(whole);
  if (kept !== null && (file.bytes ?? kept) === kept) return { bytes: kept, reached: kept, whole };
  const same = file.sha256 !== null || part.origin?.url === file.url;
  const reached = same ? part.size : 0;
  const seen = same ? part.origin?.total : null;
  const bytes = file.bytes ?? seen ?? (await askLength(file, options));
  return { bytes, reached: Math.min(reached, bytes), whole: null };
}

/** @throws {ModelError} `file-missing`, also where the source does not say: without it no progress is honest */
async function askLength({ path, url }: HubFile, options: HubDownloadOptions): Promise<number> {
  const { token = null, patience = PATIENCE, stop } = options;
  const attempts = new Attempts(patience, stop);
  for (;;) {
    const enough = AbortSignal.timeout(patience.stallMs);
    try {
      const signal = AbortSignal.any([stop, enough]);
      const { total, body } = await requestFile(path, { url, from: 0, to: 0, ifRange: null, token, signal });
      await body?.cancel();
      if (total !== null) return total;
      throw new ModelError(
        "file-missing",
        `${new URL(url).host} does not say how long ${path} is. Choose another host.`,
      );
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof ModelError || !(await attempts.again(false))) throw unreachable(path, url, error);
    }
  }
}

function unreachable(path: string, url: string, cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const why = cause instanceof PassingError ? cause.message : "no answer";
  const message = `${path} could not be fetched from ${new URL(url).host} (${why}). Check the connection and the host, then try again.`;
  return new ModelError("file-missing", message, { cause });
}
