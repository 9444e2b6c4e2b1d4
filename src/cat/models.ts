/** @file The ports of the core: what the method asks of a language model and of the world. Implemented outside. */
import type { Program } from "../verify/code/extract.ts";
import type { Outcome } from "../verify/code/outcome.ts";
import type { SymbolicChecker } from "../verify/math/settle.ts";

/** Anything that can be told to stop; an `AbortSignal` fits by shape. */
export interface Stop {
  readonly aborted: boolean;
  /** @throws the reason of the stop, once stopped. */
  throwIfAborted(): void;
}

/** Milliseconds on any steady clock. Only differences mean something. */
export type Clock = () => number;

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What a text is generated for; part of the noise, so that two purposes never share chance. */
export type Purpose =
  "rollout" | "synthesis" | "rubric" | "verdict" | "choose" | "sameMeaning" | "says" | "denies" | "score";

/** Names the noise of one row: with the step, it decides every draw, whatever the batch looks like. */
export interface NoiseSource {
  /** 0..2³²−1. */
  readonly seed: number;
  readonly group: number;
  readonly purpose: Purpose;
  /** Row r of a request draws as rollout `rollout + r`. */
  readonly rollout: number;
}

export interface Sampling {
  /** 0 is greedy. */
  readonly temperature: number;
  /** Keep the k likeliest tokens; `null` keeps all. */
  readonly topK: number | null;
  /** Keep the smallest set of at least this mass; `null` keeps all. Applied after top-k. */
  readonly topP: number | null;
  /** Of the tokens that prompt or answer already have: above 1 makes them less likely, before anything else. Left out: 1. */
  readonly repetitionPenalty?: number;
}

/** The form of an answer: a machine that reads it a character at a time. Each of its states is the grammar of what may follow, and never changes. */
export interface Grammar {
  /** What may follow that character; `null` where it must not stand. All characters beyond ASCII are alike to it. */
  next(character: string): Grammar | null;
  /** How many characters of running text may follow: all but `<`, U+007F and those below U+0020. */
  readonly room: number;
  /** A short way to end, in ASCII, which stays the same while it is followed. "": the answer may end here. */
  readonly ending: string;
  /** Parts that must still be written and have no text yet; a share of the tokens is kept back for each. */
  readonly owed: number;
}

export interface GenerateRequest {
  /** Rendered by {@link LanguageModel.render}. */
  readonly prompt: string;
  /** Rows to sample from this one prompt. */
  readonly n: number;
  readonly noise: NoiseSource;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** Held to at every token; as far as `maxTokens` allows, the answer ends well-formed. A served model may not know how. Left out: anything goes. */
  readonly grammar?: Grammar;
}

/** One token of one row. Within a row, tokens come in order; rows of all requests come as they advance. */
export interface SampledToken {
  /** Index into the requests. */
  readonly request: number;
  /** 0..n−1 of that request. */
  readonly row: number;
  readonly token: number;
  /** Text that this token completes; "" inside a multi-byte character and for the end token. */
  readonly text: string;
  /** Nats at temperature 1, untruncated. */
  readonly logprob: number;
  /** Nats at temperature 1, untruncated. */
  readonly entropy: number;
  /** Lead of this token's noisy score over the second best; `null` if there was no second. Small means: another device may differ here. */
  readonly margin: number | null;
  /** Set on the last token of a row, `null` before. */
  readonly ended: "stop" | "length" | null;
}

/** A text to be scored behind another. */
export interface ScoreRequest {
  /** Rendered text that stands before; "" for none. */
  readonly prompt: string;
  /** A text is made tokens apart from the prompt, so that the border lies between tokens; control tokens in it are read as such. Tokens are taken as they are. */
  readonly continuation: string | readonly number[];
  /** How many of the likeliest tokens are wanted at each place; none when left out. */
  readonly top?: number;
}

/** A token that could have stood at a place. */
export interface LikelyToken {
  readonly token: number;
  /** As it is written by itself: "" for a part of a character; control tokens by their name. */
  readonly text: string;
  /** Nats at temperature 1, untruncated. */
  readonly logprob: number;
}

/** How likely a text is, token by token. */
export interface TokenScores {
  /** Of the continuation. Without a prompt its first token is left out: nothing stands before it. */
  readonly tokenIds: readonly number[];
  /** Nats at temperature 1, untruncated, one per token, each given all that stands before. */
  readonly logprobs: readonly number[];
  /** [tokens][top], likeliest first; left out where none were asked for, as are the texts. */
  readonly top?: readonly (readonly LikelyToken[])[];
  /** What each token completes of the text, as {@link SampledToken.text}. */
  readonly texts?: readonly string[];
}

export interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What a run writes down about the model that played a role. */
export interface ModelRecord {
  readonly id: string;
  /** `null` when the source has no revisions. */
  readonly revision: string | null;
  readonly dtype: string;
  /** Where it really ran, as observed after loading. */
  readonly device: "webgpu" | "wasm" | "node" | "remote";
  readonly files: readonly ModelFile[];
}

export interface LanguageModel {
  readonly record: ModelRecord;
  /** Which prompts of prompts.json it was made for. */
  readonly promptSet: "default" | "kitten" | "kitten-judge";
  /** A visitor's own wording, by template of the set; the others stand as they ship. */
  readonly editedPrompts?: Readonly<Record<string, string>>;
  /** Strings that the tokenizer reads as control tokens; they are defused wherever they come from text. */
  readonly controlTokens: readonly string[];
  /** Longest prompt plus answer, in tokens. */
  readonly contextLength: number;
  /** The chat template, ready for an answer. */
  render(messages: readonly Message[]): string;
  /**
   * Samples all requests; ends when every row has ended.
   * @throws {ModelError} `prompt-too-long` before anything is sampled; the reason of `stop` between steps.
   */
  generate(requests: readonly GenerateRequest[], stop?: Stop): AsyncIterable<SampledToken>;
  /**
   * Probability of each choice as the next token after each prompt; prefill only.
   * @param choices texts that are one token each.
   * @returns [prompts][choices], 0..1, at temperature 1; they need not sum to 1.
   */
  decide(prompts: readonly string[], choices: readonly string[], stop?: Stop): Promise<readonly (readonly number[])[]>;
  /**
   * Log-likelihood of given texts; prefill only. The result of a request does not depend on the others.
   * @returns [requests]
   * @throws {ModelError} `prompt-too-long` before anything is computed; the reason of `stop` between passes.
   */
  score(requests: readonly ScoreRequest[], stop?: Stop): Promise<readonly TokenScores[]>;
}

/** Runs functions that a model wrote. Each run is apart from the page, from the network and from every other run. */
export interface CodeRunner {
  /**
   * Calls the function once an input, each time with a fresh copy. Whatever the program does is in the outcomes, an endless loop included.
   * @param inputs [inputs][arguments], plain data.
   * @returns [inputs], each of limited size.
   * @throws the reason of `stop`.
   */
  run(program: Program, inputs: readonly (readonly unknown[])[], stop?: Stop): Promise<readonly Outcome[]>;
}

/** Who plays which part. One model may play all three; the run file says whether the judge is independent. */
export interface Roles {
  readonly policy: LanguageModel;
  /** The frozen initial policy: writes reference and rubric. */
  readonly anchor: LanguageModel;
  /** `null` where no task needs one. */
  readonly judge: LanguageModel | null;
  /** `null` where no task asks for a program. */
  readonly runner: CodeRunner | null;
  /** Computer algebra for formulas that our own checker cannot read. Left out where a run must not depend on a clock: it gives up in time. */
  readonly symbolic?: SymbolicChecker | null;
}

/** Codes of everything that can end a run; `lab` and `ui` have one sentence of advice for each. */
export type FailureCode =
  | "prompt-too-long"
  | "prompt-empty"
  | "no-judge"
  | "no-webgpu"
  | "file-missing"
  | "file-damaged"
  | "model-unsupported"
  | "self-test-failed"
  | "out-of-memory"
  | "device-lost"
  | "device-stalled"
  | "storage"
  | "run-invalid"
  | "unexpected";

/** A failure that a person can do something about. `message` names the value and the remedy. */
export class ModelError extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ModelError";
    this.code = code;
  }
}
