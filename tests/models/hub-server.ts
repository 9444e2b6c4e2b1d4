/**
 * @file A model hub on the loopback interface, in the layout of the Hugging Face Hub: small files come from the hub itself, weights by redirect from
 * another origin, which answers no preflight. What goes wrong is said by the test, one fault a request.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What happens to one answer with the file's bytes. `after`: bytes of this answer. */
export type Fault =
  | { readonly kind: "cut" | "stall" | "end"; readonly after: number }
  | { readonly kind: "status"; readonly status: number }
  /** The byte at this place of the file is another. */
  | { readonly kind: "corrupt"; readonly at: number }
  | { readonly kind: "whole" };

export interface Seen {
  readonly origin: "hub" | "storage";
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
}

/** What happens to all answers under way once so many bytes of bodies were written: their lines are cut, or nothing comes on them any more. */
export interface Break {
  readonly atSent: number;
  readonly kind: "cut" | "stall";
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "ETag, Content-Range, Accept-Ranges, X-Repo-Commit",
};

export class HubServer {
  /** By path below the revision. */
  readonly files = new Map<string, Buffer>();
  /** Of other models, by their ids. */
  readonly others = new Map<string, Map<string, Buffer>>();
  /** By the same path, taken in turn; then everything goes well. */
  readonly faults = new Map<string, Fault[]>();
  readonly seen: Seen[] = [];
  /** Bytes of bodies written, of files alone. */
  sent = 0;
  /** Each once, in order. */
  readonly breaks: Break[] = [];
  /** Breaks that happened. */
  readonly #broken: Break["kind"][] = [];
  /** Milliseconds between two pieces. */
  pace = 0;
  pieceBytes = 16_384;
  /** As long as it is set, nothing more is sent. */
  held = false;
  /** Without them the source cannot say which version it has. */
  etags = true;
  /** Goes into them: two hosts have names of their own for the same version. */
  version = "";
  /** Of every revision. */
  commit = "c".repeat(40);
  /** What /api/models says besides the files; `null`: this host has none. */
  info: object | null = { tags: ["license:mit"] };
  readonly id: string;
  host = "";
  storage = "";
  readonly #hashes = new WeakMap<Buffer, string>();
  readonly #servers = [
    createServer((request, response) => void this.#hub(request, response)),
    createServer((request, response) => void this.#storage(request, response)),
  ];

  constructor(id = "someone/some-model") {
    this.id = id;
  }

  /** Opened again, it is where it was. */
  async open(): Promise<void> {
    const addresses = await Promise.all(
      this.#servers.map(async (server, i) => {
        const before = [this.host, this.storage][i]!;
        const port = before === "" ? 0 : Number(new URL(before).port);
        await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      }),
    );
    [this.host, this.storage] = addresses as [string, string];
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    }
  }

  get totalBytes(): number {
    return [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
  }

  async #hub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith("/api/models/") === true) {
      this.#describe(request.url, response);
      return;
    }
    const [, id, path = ""] = /^\/([^/]+\/[^/]+)\/resolve\/(?:main|[0-9a-f]{40})\/(.+)$/.exec(request.url ?? "") ?? [];
    this.#note("hub", path, request);
    const files = id === this.id ? this.files : this.others.get(id ?? "");
    if (request.method === "OPTIONS") {
      const allowed = { "access-control-allow-headers": "authorization, range, if-range" };
      response.writeHead(200, { ...CORS, ...allowed }).end();
    } else if (files === undefined) response.writeHead(404, CORS).end("no such model");
    else if (path.includes(".onnx"))
      response.writeHead(302, { ...CORS, location: `${this.storage}/${path}?id=${id ?? ""}&sign=1` }).end();
    else await this.#send(files, path, request, response);
  }

  #describe(url: string, response: ServerResponse): void {
    const id = url.replace("/api/models/", "").replace(/\?.*/, "");
    const files = id === this.id ? this.files : this.others.get(id);
    if (files === undefined || this.info === null) {
      response.writeHead(this.info === null ? 404 : 401, CORS).end("no such model");
      return;
    }
    const siblings = [...files].map(([rfilename, bytes]) => {
      const sha256 = this.#hashOf(bytes);
      return { rfilename, size: bytes.length, ...(rfilename.includes(".onnx") ? { lfs: { sha256 } } : {}) };
    });
    response.writeHead(200, { ...CORS, "content-type": "application/json" });
    response.end(JSON.stringify({ id, sha: this.commit, siblings, ...this.info }));
  }

  async #storage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", this.storage);
    const path = pathname.slice(1);
    this.#note("storage", path, request);
    if (request.method === "OPTIONS") response.writeHead(403).end();
    else await this.#send(this.others.get(searchParams.get("id") ?? "") ?? this.files, path, request, response);
  }

  /** A gigabyte is not hashed for each request. */
  #hashOf(file: Buffer): string {
    const hash = this.#hashes.get(file) ?? createHash("sha256").update(file).digest("hex");
    this.#hashes.set(file, hash);
    return hash;
  }

  #note(origin: Seen["origin"], path: string, { method, headers }: IncomingMessage): void {
    if (method === "OPTIONS") return;
    const { range, authorization } = headers;
    this.seen.push({ origin, path, range, ifRange: headers["if-range"] as string | undefined, authorization });
  }

  async #send(
    files: ReadonlyMap<string, Buffer>,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const file = files.get(path);
    if (file === undefined) {
      response.writeHead(404, CORS).end("no such file");
      return;
    }
    const fault = this.faults.get(path)?.shift();
    if (fault?.kind === "status") {
      response.writeHead(fault.status, CORS).end("ill");
      return;
    }
    const etag = `"${this.version}${this.#hashOf(file).slice(0, 16)}"`;
    const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const same = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
    const ranged = match !== null && same && fault?.kind !== "whole";
    const from = ranged ? Number(match[1]) : 0;
    const to = ranged && match[2] !== "" ? Number(match[2]) : file.length - 1;
    const headers = { ...CORS, "x-repo-commit": this.commit, ...(this.etags ? { etag } : {}) };
    if (ranged && from >= file.length) {
      response.writeHead(416, { ...headers, "content-range": `bytes */${file.length}` }).end();
      return;
    }
    let body = file.subarray(from, to + 1);
    if (fault?.kind === "corrupt" && fault.at >= from) {
      body = Buffer.from(body);
      body[fault.at - from]! ^= 1;
    }
    const length = fault?.kind === "end" ? {} : { "content-length": body.length };
    const range = ranged ? { "content-range": `bytes ${from}-${to}/${file.length}` } : {};
    response.writeHead(ranged ? 206 : 200, { ...headers, ...range, ...length });
    const end = fault !== undefined && "after" in fault ? fault.after : body.length;
    const breaksBefore = this.#broken.length;
    for (let at = 0; at < Math.min(end, body.length) && !response.destroyed;) {
      if (this.held) {
        await pause(5);
        continue;
      }
      const piece = body.subarray(at, Math.min(at + this.pieceBytes, end));
      at += this.pieceBytes;
      await new Promise((written) => response.write(piece, written));
      this.sent += piece.length;
      if (this.sent >= (this.breaks[0]?.atSent ?? Infinity)) this.#broken.push(this.breaks.shift()!.kind);
      if (this.#broken.length > breaksBefore) break;
      if (this.pace > 0) await pause(this.pace);
    }
    const broken = this.#broken[breaksBefore];
    if (fault?.kind === "stall" || broken === "stall") return;
    if (fault?.kind === "cut" || broken === "cut") {
      // What was written is to arrive first.
      await pause(50);
      response.destroy();
    } else response.end();
  }
}
