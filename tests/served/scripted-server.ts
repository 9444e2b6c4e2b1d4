/** @file An OpenAI-compatible server on the loopback interface that answers from a function; what it lacks and what goes wrong with it is said by the test. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Message } from "../../src/cat/models.ts";

/** As it was sent. */
export interface Asked {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  readonly seed?: number;
  readonly max_tokens: number;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
  readonly n?: number;
  readonly temperature: number;
}

/** What happens to one chat request, in place of an answer. `after`: pieces of its answer that still come. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly body?: string }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "text"; readonly body: string | Buffer; readonly type?: string }
  | { readonly kind: "cut" | "stall" | "end"; readonly after: number };

/** Of a token that it drew: with these log-probabilities. */
export const LOGPROB = -0.25;

export class ScriptedServer {
  /** In words. */
  answer: (asked: Asked) => string = () => "yes";
  /** Taken in turn; then everything goes well. */
  readonly faults: Fault[] = [];
  readonly asked: Asked[] = [];
  readonly headers: IncomingMessage["headers"][] = [];
  readonly models: readonly string[] | null;
  /** Tells log-probabilities. */
  logprobs = true;
  /** P(yes) of the first token, where it tells them. */
  yes: (asked: Asked) => number = () => 0.9;
  /** Counts tokens. */
  usage = true;
  /** Lets pages of other origins in. */
  cors = true;
  /** Refuses fields that it does not know, as status 422 does. */
  strict = false;
  /** Milliseconds between two pieces. */
  pace = 0;
  /** At once, at the most. */
  most = 0;
  #now = 0;
  #port = 0;
  #server = createServer((request, response) => void this.#handle(request, response));

  constructor(models: readonly string[] | null = ["some-model"]) {
    this.models = models;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  /** Again at the same port after {@link close}. */
  async open(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(this.#port, "127.0.0.1", done));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.cors) {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "*, authorization, content-type");
    }
    if (request.method === "OPTIONS") {
      response.writeHead(this.cors ? 204 : 405).end();
    } else if (request.url === "/v1/models") {
      if (this.models === null) response.writeHead(500).end("offline");
      else send(response, { object: "list", data: this.models.map((id) => ({ id, object: "model" })) });
    } else if (request.url === "/v1/chat/completions") {
      this.headers.push(request.headers);
      let body = "";
      for await (const piece of request) body += String(piece);
      const asked = JSON.parse(body) as Asked;
      this.asked.push(asked);
      this.most = Math.max(this.most, ++this.#now);
      await this.#chat(asked, response).finally(() => this.#now--);
    } else response.writeHead(404).end("no such address");
  }

  async #chat(asked: Asked, response: ServerResponse): Promise<void> {
    const fault = this.faults.shift();
    if (fault?.kind === "status") {
      response.writeHead(fault.status).end(fault.body ?? "");
      return;
    }
    if (fault?.kind === "redirect") {
      response.writeHead(307, { location: fault.to }).end();
      return;
    }
    if (fault?.kind === "text") {
      response.writeHead(200, { "content-type": fault.type ?? "application/json" }).end(fault.body);
      return;
    }
    if (this.strict && asked.seed !== undefined) {
      response.writeHead(422).end(JSON.stringify({ detail: "Unexpected keys in the request: seed, logprobs" }));
      return;
    }
    const words = this.answer(asked).split(/(?<= )/);
    const pieces = words.slice(0, asked.max_tokens);
    const finish = words.length > asked.max_tokens ? "length" : "stop";
    const usage = this.usage ? { usage: { completion_tokens: pieces.length + (finish === "stop" ? 1 : 0) } } : {};
    if (!asked.stream) {
      const choice = { index: 0, message: { role: "assistant", content: pieces.join("") }, finish_reason: finish };
      send(response, { choices: [{ ...choice, ...this.#logprobs(asked, pieces) }], ...usage });
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const event = (data: object | string) =>
      new Promise((done) =>
        response.write(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`, done),
      );
    await event({ choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] });
    for (const [i, content] of pieces.entries()) {
      if (fault !== undefined && i === fault.after) {
        if (fault.kind === "end") response.end();
        else if (fault.kind === "cut") setTimeout(() => response.destroy(), 20);
        return;
      }
      if (this.pace > 0) await pause(this.pace);
      await event({
        choices: [{ index: 0, delta: { content }, finish_reason: null, ...this.#logprobs(asked, [content]) }],
      });
    }
    await event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
    if (this.usage) await event({ choices: [], ...usage });
    await event("[DONE]");
    response.end();
  }

  #logprobs(asked: Asked, pieces: readonly string[]) {
    if (!this.logprobs || asked.logprobs !== true) return {};
    const yes = this.yes(asked);
    const top = [
      { token: "Yes", logprob: Math.log(yes * 0.75) },
      { token: " yes", logprob: Math.log(yes * 0.25) },
      { token: "No", logprob: Math.log(1 - yes) },
    ];
    const content = pieces.map((token) => ({
      token,
      logprob: LOGPROB,
      ...(asked.top_logprobs === undefined ? {} : { top_logprobs: top }),
    }));
    return { logprobs: { content } };
  }
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
