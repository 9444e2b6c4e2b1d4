/** @file One request for a file from some byte on, and what its answer means. Leaves out asking again (fetch-file.ts). */
import { ModelError } from "../cat/models.ts";

/** Lets its holder read what a hub does not show everybody. It goes to this origin and, since fetch strips it from redirects, nowhere else. */
export interface HubToken {
  readonly value: string;
  /** Such as "https://huggingface.co". */
  readonly origin: string;
}

export interface FileRequest {
  readonly url: string;
  /** The first byte that is wanted. */
  readonly from: number;
  /** The last one; left out: to the end. */
  readonly to?: number;
  /** Ask for the whole file if it is not this version any more; `null`: no condition. */
  readonly ifRange: string | null;
  readonly token: HubToken | null;
  readonly signal: AbortSignal;
}

export interface FileAnswer {
  /** Where its bytes begin: not always where they were asked for. */
  readonly from: number;
  /** Of the whole file; `null`: it does not say. */
  readonly total: number | null;
  /** See `PartOrigin`. */
  readonly validator: string | null;
  /** Of the repository, as the Hugging Face Hub says it (X-Repo-Commit); `null`: it does not, as behind a redirect. */
  readonly commit: string | null;
  /** `null`: there is nothing from that byte on. */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** May be different the next time. */
export class PassingError extends Error {}

/** The source has no such file. */
export class AbsentError extends ModelError {}

/** Too early, too many, and what a server says while it is ill; the other refusals stay. */
const PASSING = new Set([408, 425, 429]);

/** @throws {ModelError} `file-missing` for a refusal; {@link PassingError}, and whatever fetch throws */
export async function requestFile(path: string, request: FileRequest): Promise<FileAnswer> {
  const { url, from, to, ifRange, token, signal } = request;
  // From the first byte on it is a range: such answers come without compression, so that their bytes can be counted. A range "from here on" needs no preflight, which the hub's storage refuses (huggingface/datasets#7931); If-Range does.
  const headers = new Headers({ range: `bytes=${from}-${to ?? ""}` });
  if (ifRange !== null) headers.set("if-range", ifRange);
  if (token?.origin === new URL(url).origin) headers.set("authorization", `Bearer ${token.value}`);
  const response = await fetch(url, { headers, signal, cache: "no-store", credentials: "omit" });
  const total = totalOf(response);
  const validator = validatorOf(response.headers);
  const commit = /^[0-9a-f]{40}$/.exec(response.headers.get("x-repo-commit") ?? "")?.[0] ?? null;
  if (response.status === 206) return { from: startOf(response, from), total, validator, commit, body: response.body };
  if (response.ok) return { from: 0, total, validator, commit, body: response.body };
  await response.body?.cancel();
  if (response.status === 416) return { from, total, validator, commit, body: null };
  if (response.status >= 500 || PASSING.has(response.status)) {
    throw new PassingError(`the source answered with status ${response.status}`);
  }
  throw refusal(path, response.status, new URL(url).host);
}

/** Another version of the file than the one before? `null`: they do not say. */
export function isOther(before: string | null, now: string | null): boolean | null {
  if (before === null || now === null || isEtag(before) !== isEtag(now)) return null;
  return before !== now;
}

function validatorOf(headers: Headers): string | null {
  const etag = headers.get("etag");
  return etag !== null && isEtag(etag) ? etag : headers.get("last-modified");
}

/** Weak ones, which begin with W/, promise no equal bytes. */
function isEtag(text: string): boolean {
  return text.startsWith('"');
}

/** Where another origin hides the header, what was asked for is what came. */
function startOf({ headers }: Response, from: number): number {
  const match = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "");
  return match === null ? from : Number(match[1]);
}

function totalOf({ status, headers }: Response): number | null {
  const match = /\/(\d+)$/.exec(headers.get("content-range") ?? "");
  if (match !== null) return Number(match[1]);
  const length = headers.get("content-length");
  return status === 200 && length !== null && headers.get("content-encoding") === null ? Number(length) : null;
}

function refusal(path: string, status: number, host: string): ModelError {
  if (status === 404 || status === 410) {
    const message = `${path} is not at ${host} (status ${status}). The model was moved or this host has no copy: choose another host or model.`;
    return new AbsentError("file-missing", message);
  }
  const message =
    status === 401 || status === 403
      ? `${host} does not give ${path} to everybody (status ${status}). Accept the model's licence there and set a token, or choose another model.`
      : `${host} refused ${path} (status ${status}). Choose another host, or try again later.`;
  return new ModelError("file-missing", message);
}
