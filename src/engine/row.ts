/** @file The rows of a batch: what was asked for, how far each is, and in which parts they wait to join. Leaves out how they are run. */
import type { GenerateRequest } from "../cat/models.ts";
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

export class Row {
  readonly job: Job;
  /** 0..n−1 of the request. */
  readonly index: number;
  /** Draws that were queued. */
  drawn = 0;
  /** What was drawn and read. */
  readonly tokens: number[] = [];
  ended: "stop" | "length" | null = null;

  constructor(job: Job, index: number) {
    this.job = job;
    this.index = index;
  }

  /** Has it ended, or will it with what is under way? */
  get spent(): boolean {
    return this.ended !== null || this.drawn >= this.job.maxTokens;
  }

  /** Takes a token that was drawn. @returns how it ended with it */
  take(token: number): "stop" | "length" | null {
    this.tokens.push(token);
    const { endTokens, maxTokens } = this.job;
    if (endTokens.has(token)) this.ended = "stop";
    else if (this.tokens.length >= maxTokens) this.ended = "length";
    return this.ended;
  }
}

/** Rows that join together because they have read the same. */
export type Part = readonly Row[];

/** All rows of a job that have not begun. */
export function fresh(job: Job): Part {
  return Array.from({ length: job.request.n }, (_, index) => new Row(job, index));
}

/**
 * Rows that were torn from their batch, as they wait to join another: what was queued but not read is drawn anew, by the same noise.
 * Those that had read nothing yet wait together.
 */
export function torn(rows: readonly Row[]): Part[] {
  const left = rows.filter(({ ended }) => ended === null);
  for (const row of left) row.drawn = row.tokens.length;
  const begun = left.filter(({ tokens }) => tokens.length > 0);
  const others = left.filter(({ tokens }) => tokens.length === 0);
  const jobs = [...new Set(others.map(({ job }) => job))];
  return [...begun.map((row) => [row]), ...jobs.map((job) => others.filter((row) => row.job === job))];
}
