/** @file The rows of a batch: what was asked for, by whom, how far each is, and in which parts they wait to join. Leaves out how they are run. */
import type { GenerateRequest } from "../cat/models.ts";
import type { Draw } from "./sampler.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Rows of one prompt, which join and draw first together. */
export interface Job {
  /** Index into the requests. */
  readonly index: number;
  readonly request: GenerateRequest;
  readonly prompt: readonly number[];
  /** Tokens that end a row. */
  readonly endTokens: ReadonlySet<number>;
  /** A row ends after so many tokens at the latest. */
  readonly maxTokens: number;
  /** `null` where no grammar asks for it. */
  readonly vocabulary: Vocabulary | null;
}

export interface BatchToken extends Draw {
  /** Index into the requests. */
  readonly request: number;
  readonly row: number;
  readonly ended: "stop" | "length" | null;
}

/** One asking for rows, of which many may share a batch. */
export class Call {
  /** Drawn for it and not taken yet, in order. */
  #tokens: BatchToken[] = [];
  /** Rows whose end has not been taken. */
  #open: number;
  /** Nobody waits for its rows any more. */
  left = false;

  constructor(rows: number) {
    this.#open = rows;
  }

  get done(): boolean {
    return this.#open === 0;
  }

  give(token: BatchToken): void {
    this.#tokens.push(token);
  }

  take(): BatchToken[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    this.#open -= tokens.filter(({ ended }) => ended !== null).length;
    return tokens;
  }
}

export class Row {
  readonly job: Job;
  readonly call: Call;
  /** 0..n−1 of the request. */
  readonly index: number;
  /** Draws that were queued. */
  drawn = 0;
  /** What was drawn and read. */
  readonly tokens: number[] = [];
  ended: "stop" | "length" | null = null;

  constructor(job: Job, index: number, call: Call) {
    this.job = job;
    this.index = index;
    this.call = call;
  }

  /** Is there nothing more to read for it? */
  get over(): boolean {
    return this.ended !== null || this.call.left;
  }

  /** Is it over, or will it be with what is under way? */
  get spent(): boolean {
    return this.over || this.drawn >= this.job.maxTokens;
  }

  /** Takes a token that was drawn, and gives it to who asked. */
  take(draw: Draw): void {
    this.tokens.push(draw.token);
    const { index, endTokens, maxTokens } = this.job;
    if (endTokens.has(draw.token)) this.ended = "stop";
    else if (this.tokens.length >= maxTokens) this.ended = "length";
    this.call.give({ ...draw, request: index, row: this.index, ended: this.ended });
  }
}

/** Rows that join together because they have read the same. */
export type Part = readonly Row[];

/** All rows of a job, none of which has begun. */
export function fresh(job: Job, call: Call): Part {
  return Array.from({ length: job.request.n }, (_, index) => new Row(job, index, call));
}

/**
 * Rows that were torn from their batch, as they wait to join another: what was queued but not read is drawn anew, by the same noise.
 * Those that had read nothing yet wait together.
 */
export function torn(rows: readonly Row[]): Part[] {
  const left = rows.filter(({ over }) => !over);
  for (const row of left) row.drawn = row.tokens.length;
  const begun = left.filter(({ tokens }) => tokens.length > 0);
  const others = left.filter(({ tokens }) => tokens.length === 0);
  const jobs = [...new Set(others.map(({ job }) => job))];
  return [...begun.map((row) => [row]), ...jobs.map((job) => others.filter((row) => row.job === job))];
}
