/**
 * @file One question to a server: sent with its key, tried again while it is ill or busy, given up when nothing comes. Leaves out what is asked
 * (chat.ts) and how an answer is read (reply-stream.ts).
 */
import { ModelError } from "../cat/models.ts";
import { Attempts, type Patience, Watchdog } from "../models/patience.ts";
import type { ServedPlace } from "./place.ts";
import { ServerError } from "./server-error.ts";

/** A model may have to be loaded before the first word comes. */
export const SERVER_PATIENCE: Patience = { attempts: 4, firstWaitMs: 1000, longestWaitMs: 8000, stallMs: 120_000 };

export interface Question {
  readonly place: Pick<ServedPlace, "server" | "key">;
  /** Below the server's address: "chat/completions". */
  readonly path: string;
  /** Sent as JSON by POST; left out: GET. */
  readonly body?: object;
  readonly patience: Patience;
  readonly stop: AbortSignal;
}

/** An answer whose body is still to be read; {@link Answer.watchdog} has to be fed and ended by the reader. */
export interface Answer {
  readonly response: Response;
  readonly watchdog: Watchdog;
}

/** A request that the server will not take as it is, in its own words. */
export class RefusedError extends ServerError {}

/** Too early, too many, and what a server says while it is ill. */
const PASSING = new Set([408, 425, 429]);

/** @throws {RefusedError} for status 400 and 422; {ModelError} `prompt-too-long`; {ServerError}; the reason of `stop` */
export async function askServer(question: Question): Promise<Answer> {
  const { place, patience, stop } = question;
  const attempts = new Attempts(patience, stop);
  for (;;) {
    stop.throwIfAborted();
    const watchdog = new Watchdog(patience.stallMs, stop);
    let ill: string;
    try {
      const response = await send(question, watchdog.signal);
      watchdog.feed();
      if (response.ok) return { response, watchdog };
      const said = await saidBy(response);
      if (response.status < 500 && !PASSING.has(response.status)) throw refusal(place.server, response.status, said);
      ill = `status ${response.status}${said === "" ? "" : `: ${said}`}`;
    } catch (error) {
      watchdog.end();
      stop.throwIfAborted();
      if (error instanceof ServerError || error instanceof ModelError) throw error;
      if (watchdog.signal.aborted) throw silent(place.server, patience.stallMs, error);
      if (await attempts.again(false)) continue;
      throw await unreachable(place.server, error);
    }
    watchdog.end();
    if (!(await attempts.again(false))) throw new ServerError(`${place.server} answers with ${ill}. ${LATER}`);
  }
}

const LATER = "Look at what it prints, then try again.";

/** @throws {ServerError} it stopped answering */
export function silent(server: string, stallMs: number, cause?: unknown): ServerError {
  return new ServerError(`${server} sent nothing for ${stallMs / 1000} seconds. ${LATER}`, { cause });
}

function send({ place, path, body }: Question, signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ accept: "application/json, text/event-stream" });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (place.key !== null) headers.set("authorization", `Bearer ${place.key}`);
  return fetch(`${place.server}/${path}`, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers,
    signal,
    cache: "no-store",
    credentials: "omit",
    // Nothing that was meant for this server goes to another.
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
}

const MOST_SAID = 300;

/** The server's own words, as far as they can be read. */
async function saidBy(response: Response): Promise<string> {
  const text = (await response.text().catch(() => "")).slice(0, 10_000);
  try {
    const { error, detail, message } = JSON.parse(text) as Record<string, unknown>;
    const inner = typeof error === "object" && error !== null ? (error as Record<string, unknown>)["message"] : error;
    const said = [inner, detail, message].find((value) => typeof value === "string");
    if (said !== undefined) return said.slice(0, MOST_SAID);
  } catch {
    // No JSON: then as it is.
  }
  return /^\s*</.test(text) ? "" : text.trim().slice(0, MOST_SAID);
}

function refusal(server: string, status: number, said: string): Error {
  const words = said === "" ? "" : ` It says: ${said}`;
  if (/context.{0,40}(length|size|window)|too (long|many tokens)|exceed.{0,60}(context|token)/i.test(said)) {
    return new ModelError("prompt-too-long", `${server}: the prompt is too long for the model there.${words}`);
  }
  switch (status) {
    case 400:
    case 422:
      return new RefusedError(`${server} does not take the request (status ${status}).${words}`);
    case 401:
    case 403:
      return new ServerError(`${server} wants a key that it knows (status ${status}).${words} Enter it under Models.`);
    case 404:
      return new ServerError(
        `${server} has no such address or model (status 404).${words} Check both under Models; most addresses end in /v1.`,
      );
    default:
      return new ServerError(`${server} refuses (status ${status}).${words}`);
  }
}

/** A browser does not say why: asked without reading the answer, a server that is there but lets no page in still answers. */
async function unreachable(server: string, cause: unknown): Promise<ServerError> {
  const there = await fetch(`${server}/models`, {
    mode: "no-cors",
    credentials: "omit",
    signal: AbortSignal.timeout(5000),
  }).then(
    async (response) => {
      await response.body?.cancel();
      return response.type === "opaque";
    },
    () => false,
  );
  const message = there
    ? `${server} is there but does not let this page read its answers (CORS). Start it so that it does: transformers serve --enable-cors, OLLAMA_ORIGINS=${origin()} for Ollama, vllm serve --allowed-origins '["${origin()}"]'; llama.cpp allows it by itself.`
    : `${server} does not answer. Is it running, is the address right, and may this copy of the page reach it?`;
  return new ServerError(message, { cause });
}

function origin(): string {
  return (globalThis as { readonly location?: { readonly origin: string } }).location?.origin ?? "*";
}
