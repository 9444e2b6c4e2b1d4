/** @file A small static file server for the built page: types, precompressed files, ranges, revalidation. On the loopback interface unless told otherwise; no listing of folders. */
import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, relative, resolve, sep } from "node:path";
import { mimeType } from "./mime.ts";

export interface SiteServer {
  readonly port: number;
  /** Address of the page, with the prefix and a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** First port to try, and the next ones when it is taken; 0 takes any free one. */
  readonly port?: number;
  /** Path below which the folder appears; starts and ends with a slash. */
  readonly prefix?: string;
  /** Address to listen at. */
  readonly host?: string;
  /** Asked before the folder: a file somewhere else for the path of an address, below the prefix; `null`: as in the folder. */
  readonly instead?: (path: string) => Promise<string | null>;
}

const PORTS_TRIED = 20;
/** Name, hash of the content, extension: what Vite writes into assets/. */
const HASHED = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;
const ENCODINGS = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
];

/** Serves until closed. @throws when none of the ports is free. */
export async function serve(folder: string, options: ServeOptions = {}): Promise<SiteServer> {
  const { port = 0, prefix = "/", host = "127.0.0.1", instead } = options;
  const root = resolve(folder);
  const find = async (url: string): Promise<string | null> => {
    const path = localPath(root, prefix, url);
    if (path === null || instead === undefined) return path;
    return (await instead(relative(root, path).replaceAll(sep, "/"))) ?? path;
  };
  const server = createServer((request, response) => {
    answer(find, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const last = port === 0 ? 0 : port + PORTS_TRIED - 1;
  for (let wanted = port; wanted <= last; wanted++) {
    const taken = await listen(server, wanted, host);
    if (!taken) break;
    if (wanted === last) throw new Error(`ports ${port} to ${last} are taken: name another one with --port`);
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    port: address.port,
    url: `http://${host}:${address.port}${prefix}`,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

/** @returns whether the port was taken. */
function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") done(true);
      else fail(error);
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      done(false);
    });
  });
}

async function answer(
  find: (url: string) => Promise<string | null>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    refuse(response, 405, "only GET and HEAD");
    return;
  }
  const path = await find(request.url ?? "/");
  const found = path === null ? null : await stat(path).catch(() => null);
  if (path === null || !found?.isFile()) {
    refuse(response, 404, "not found");
    return;
  }
  const range = request.headers.range;
  const sent =
    range === undefined
      ? await smallest(path, found, request.headers["accept-encoding"] ?? "")
      : { path, found, encoding: null };
  const etag = `"${sent.found.size.toString(36)}-${Math.round(sent.found.mtimeMs).toString(36)}${sent.encoding ?? ""}"`;
  response.setHeader("etag", etag);
  response.setHeader("vary", "accept-encoding");
  response.setHeader("cache-control", HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
  response.setHeader("x-content-type-options", "nosniff");
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader("content-type", mimeType(extname(path)));
  response.setHeader("accept-ranges", "bytes");
  if (sent.encoding !== null) response.setHeader("content-encoding", sent.encoding);
  // Who goes on with another version gets this one whole.
  const same = [undefined, etag].includes(request.headers["if-range"] as string | undefined);
  const part = range === undefined || !same ? null : byteRange(range, sent.found.size);
  if (part === "unsatisfiable") {
    response.setHeader("content-range", `bytes */${sent.found.size}`);
    refuse(response, 416, "no such range");
    return;
  }
  if (part !== null) response.setHeader("content-range", `bytes ${part.start}-${part.end}/${sent.found.size}`);
  response.setHeader("content-length", part === null ? sent.found.size : part.end - part.start + 1);
  response.writeHead(part === null ? 200 : 206);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  createReadStream(sent.path, part ?? {})
    .on("error", (error) => response.destroy(error))
    .pipe(response);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

/** The file that an address names; `null` when it leaves the folder or cannot be read as a path. */
export function localPath(root: string, prefix: string, url: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(url.split(/[?#]/)[0] ?? "/");
  } catch {
    return null;
  }
  if (!path.startsWith(prefix) || path.includes("\0")) return null;
  const local = join(root, path.slice(prefix.length) || "index.html");
  if (local !== root && !local.startsWith(root + sep)) return null;
  return path.endsWith("/") && path !== prefix ? join(local, "index.html") : local;
}

/** The precompressed neighbour that the browser takes and that is no older than its source. */
async function smallest(
  path: string,
  found: Stats,
  accepted: string,
): Promise<{ path: string; found: Stats; encoding: string | null }> {
  for (const { name, suffix } of ENCODINGS) {
    if (!accepts(accepted, name)) continue;
    const packed = await stat(path + suffix).catch(() => null);
    if (packed?.isFile() && packed.mtimeMs >= found.mtimeMs - 1000)
      return { path: path + suffix, found: packed, encoding: name };
  }
  return { path, found, encoding: null };
}

function accepts(header: string, encoding: string): boolean {
  return header.split(",").some((entry) => {
    const [name, quality] = entry.trim().split(/\s*;\s*q=/);
    return name === encoding && Number(quality ?? 1) > 0;
  });
}

/** One range of `bytes=a-b`; `null` for forms that may be ignored (several ranges, other units). */
export function byteRange(header: string, size: number): { start: number; end: number } | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [, first = "", last = ""] = match;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return start > end ? "unsatisfiable" : { start, end };
}
