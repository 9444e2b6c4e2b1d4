/**
 * @file A model on an OpenAI-compatible server, behind the port of the core. Each row is a request of its own: many servers ignore `n`, and so every
 * rollout keeps its own seed. Leaves out likelihoods of given texts, which such servers do not compute.
 */
import { concurrently } from "../cat/concurrently.ts";
import { merged } from "../cat/merged.ts";
import {
  type GenerateRequest,
  type LanguageModel,
  type Message,
  ModelError,
  type ModelRecord,
  type NoiseSource,
  type SampledToken,
  type Stop,
  type TokenScores,
} from "../cat/models.ts";
import type { Patience } from "../models/patience.ts";
import { philox4x32, PURPOSE_CODES } from "../run/seed.ts";
import { askServer, RefusedError, SERVER_PATIENCE, silent } from "./ask-server.ts";
import { chatBody, type ChatQuestion, type Reply } from "./chat.ts";
import { CONTROL_TOKENS } from "./control-tokens.ts";
import type { ServedPlace } from "./place.ts";
import { type ReadChoice, readChoice } from "./read-choice.ts";
import { readReplies } from "./reply-stream.ts";
import { rowTokens } from "./row-stream.ts";
import { ServerError } from "./server-error.ts";

/** What a run writes down of it. */
export interface ServedRecord extends ModelRecord {
  /** Its address, without the key. */
  readonly server: string;
}

/** Something that the method could have used and does not get. */
interface ServedNotice {
  readonly code: string;
  readonly message: string;
}

/** Requests at once: more would wait there, and a small server may run out of memory. */
const AT_ONCE = 4;
/** The most that servers tell. */
const TOP = 20;
/** A short answer; and one behind a thought, asked for where the short one was cut in it. */
const ANSWER_TOKENS = 8;
const THOUGHT_TOKENS = 2048;
const GREEDY = { temperature: 0, topK: null, topP: null };

export class ServedModel implements LanguageModel {
  readonly record: ServedRecord;
  readonly promptSet = "default";
  readonly controlTokens = CONTROL_TOKENS;
  /** Nobody says; a prompt that is too long is refused there. */
  readonly contextLength = Infinity;
  readonly adapter = null;
  readonly #place: ServedPlace;
  readonly #patience: Patience;
  /** The server refused what not every server takes. */
  #plain = false;
  #listener: ((notice: ServedNotice) => void) | null = null;
  readonly #said = new Set<string>();
  #decidesBy: ReadChoice["by"] | null = null;

  constructor(place: ServedPlace, patience = SERVER_PATIENCE) {
    this.#place = place;
    this.#patience = patience;
    const { server, model } = place;
    this.record = { id: model, revision: null, dtype: "unknown", device: "remote", files: [], server };
  }

  /** Each listener hears once what the server does not tell; `null`: nobody listens. */
  onNotice(listener: ((notice: ServedNotice) => void) | null): void {
    this.#listener = listener;
    this.#said.clear();
  }

  /** `text`: it told no probabilities, so those of its decisions are only 0 and 1; `null`: it was not asked yet. */
  get decidesBy(): ReadChoice["by"] | null {
    return this.#decidesBy;
  }

  /** The messages as they are sent: the template is the server's. */
  render(messages: readonly Message[]): string {
    return JSON.stringify(messages);
  }

  /** @throws {ServerError}, {ModelError} `prompt-too-long`; the reason of `stop` */
  async *generate(requests: readonly GenerateRequest[], stop?: Stop): AsyncGenerator<SampledToken> {
    const rows = requests.flatMap((asked, request) =>
      Array.from({ length: asked.n }, (_, row) => ({ asked, request, row })),
    );
    const left = new AbortController();
    const signal = AbortSignal.any([signalOf(stop), left.signal]);
    const lane = async function* (this: ServedModel): AsyncGenerator<SampledToken> {
      for (let next = rows.shift(); next !== undefined; next = rows.shift()) yield* this.#row(next, signal);
    };
    try {
      yield* merged(Array.from({ length: Math.min(AT_ONCE, rows.length) }, () => lane.call(this)));
    } finally {
      // Whoever leaves early, or fails, must not keep the others waiting.
      left.abort(new Error("the answers are not wanted any more"));
    }
  }

  async decide(
    prompts: readonly string[],
    choices: readonly string[],
    stop?: Stop,
  ): Promise<readonly (readonly number[])[]> {
    const failed = new AbortController();
    const signal = AbortSignal.any([signalOf(stop), failed.signal]);
    return concurrently(prompts, AT_ONCE, async (prompt) => {
      try {
        const short = await this.#choice(prompt, choices, ANSWER_TOKENS, signal);
        const read = short.unfinished ? await this.#choice(prompt, choices, THOUGHT_TOKENS, signal) : short;
        if (read.by === "text" && read.probabilities.some((p) => p > 0)) {
          this.#tell(
            "no-probabilities",
            "tells no probabilities of its answers, so yes and no are read from its replies.",
          );
        }
        this.#decidesBy = read.by === "text" ? "text" : (this.#decidesBy ?? "tokens");
        return read.probabilities;
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    });
  }

  score(): Promise<readonly TokenScores[]> {
    const message = `${this.record.server} does not compute how likely a given text is. Use a model in this page for that.`;
    return Promise.reject(new ModelError("model-unsupported", message));
  }

  async *#row(
    { asked, request, row }: { readonly asked: GenerateRequest; readonly request: number; readonly row: number },
    signal: AbortSignal,
  ): AsyncGenerator<SampledToken> {
    const { prompt, sampling, maxTokens, noise } = asked;
    const seed = seedOf(noise, row);
    const question = { ...this.#asked(prompt), sampling, maxTokens, seed, stream: true, top: 0 };
    for await (const token of rowTokens(this.#replies(question, signal), { request, row }, this.record.server)) {
      if (Number.isNaN(token.logprob) && noise.purpose === "rollout") {
        this.#tell("no-logprobs", "tells no log-probabilities: there is no perplexity, and no look into its tokens.");
      }
      yield token;
    }
  }

  async #choice(
    prompt: string,
    choices: readonly string[],
    maxTokens: number,
    signal: AbortSignal,
  ): Promise<ReadChoice> {
    const question = { ...this.#asked(prompt), sampling: GREEDY, maxTokens, seed: 0, stream: false, top: TOP };
    let read: ReadChoice | null = null;
    for await (const reply of this.#replies(question, signal)) read ??= readChoice(reply, choices);
    return read ?? readChoice({ choices: [] }, choices);
  }

  #asked(prompt: string): Pick<ChatQuestion, "model" | "messages"> {
    return { model: this.#place.model, messages: JSON.parse(prompt) as readonly Message[] };
  }

  /** What is refused is asked again in plain words, once and for all. */
  async *#replies(question: ChatQuestion, stop: AbortSignal): AsyncGenerator<Reply> {
    const ask = (plain: boolean) => {
      const body = chatBody(question, plain);
      return askServer({ place: this.#place, path: "chat/completions", body, patience: this.#patience, stop });
    };
    const answer = await ask(this.#plain).catch((error: unknown) => {
      if (!(error instanceof RefusedError) || this.#plain) throw error;
      return ask(true).then((second) => {
        this.#plain = true;
        return second;
      });
    });
    const { server } = this.#place;
    try {
      yield* readReplies(answer, server);
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof ServerError) throw error;
      if (answer.watchdog.signal.aborted) throw silent(server, this.#patience.stallMs, error);
      const message = `${server} broke off in the middle of an answer. Look whether it still runs; what came is kept, and the run can be finished.`;
      throw new ServerError(message, { cause: error });
    }
  }

  #tell(code: string, what: string): void {
    if (this.#said.has(code)) return;
    this.#said.add(code);
    this.#listener?.({ code, message: `${this.record.id} at ${this.record.server} ${what}` });
  }
}

/** Named as all chance here is; servers that know seeds take 31 bits. */
function seedOf({ seed, group, purpose, rollout }: NoiseSource, row: number): number {
  const words = Uint32Array.of(0, 0, PURPOSE_CODES[purpose], rollout + row);
  philox4x32(words, Uint32Array.of(seed, group), words);
  return words[0]! >>> 1;
}

/** The lab stops by signals; any other is looked at between pieces alone. */
function signalOf(stop: Stop | undefined): AbortSignal {
  stop?.throwIfAborted();
  return stop instanceof AbortSignal ? stop : new AbortController().signal;
}
