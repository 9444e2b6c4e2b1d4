/**
 * @file Many callers of one session in one batch: who asks while others decode joins them. There is no task in the background: whoever waits
 * for a token moves the batch on, and all who wait at that time wait for the same step. Leaves out how rows decode (batch.ts).
 */
import type { Stop } from "../cat/models.ts";
import { Batch } from "./batch.ts";
import type { BatchPlan } from "./memory-plan.ts";
import { type BatchToken, Call, fresh, type Job } from "./row.ts";
import type { Session } from "./session.ts";

/** Gone from here once nobody asks it for more, or it has failed. */
const underWay = new WeakMap<Session, SharedBatch>();

/**
 * Tokens of all jobs, as they come: in order within a row.
 * @param ahead may the next step be queued before the last is read? Only `bench engine` says no, alone
 * @throws the reason of `stop`, between steps; {@link ModelError} of session and sampler
 */
export async function* runBatch(
  session: Session,
  jobs: readonly Job[],
  plan: BatchPlan,
  { stop, ahead = true }: { readonly stop?: Stop | undefined; readonly ahead?: boolean } = {},
): AsyncGenerator<BatchToken, void> {
  const batch = underWay.get(session) ?? new SharedBatch(session, ahead);
  const call = batch.join(jobs, plan);
  try {
    while (!call.done) {
      stop?.throwIfAborted();
      const tokens = call.take();
      if (tokens.length === 0) await batch.advance();
      else yield* tokens;
    }
  } finally {
    batch.leave(call);
  }
}

class SharedBatch {
  readonly #session: Session;
  readonly #batch: Batch;
  readonly #calls = new Set<Call>();
  #step: Promise<void> | null = null;

  constructor(session: Session, ahead: boolean) {
    this.#session = session;
    this.#batch = new Batch(session, ahead);
    underWay.set(session, this);
  }

  join(jobs: readonly Job[], { rows }: BatchPlan): Call {
    const call = new Call(jobs.reduce((sum, { request }) => sum + request.n, 0));
    this.#calls.add(call);
    this.#batch.add(
      jobs.map((job) => fresh(job, call)),
      rows,
    );
    return call;
  }

  /** @throws as {@link Batch.advance}, to all who are in it */
  advance(): Promise<void> {
    this.#step ??= this.#advance();
    return this.#step;
  }

  async #advance(): Promise<void> {
    try {
      await this.#batch.advance();
      this.#step = null;
    } catch (error) {
      // The rejection stays, for those who were not waiting; who comes next begins a batch of their own.
      this.#end();
      throw error;
    }
  }

  leave(call: Call): void {
    call.left = true;
    this.#calls.delete(call);
    if (this.#calls.size === 0) {
      this.#end();
      this.#batch.dispose();
    }
  }

  #end(): void {
    if (underWay.get(this.#session) === this) underWay.delete(this.#session);
  }
}
