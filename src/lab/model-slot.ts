/** @file The place of one model: what was asked for last wins, what was there before is freed first, and where it stands is said. Knows no roles. */
import { failureOf } from "./failure.ts";
import type { Failure, ModelState } from "./protocol.ts";
import type { LoadOptions } from "./start-model.ts";

/** One model asked for, and what came of it. */
export interface Load<M> {
  /** What was asked for. */
  readonly key: string;
  /** Rejects as the load does, or with the reason for which it was given up. */
  readonly loaded: Promise<M>;
  /** Set once it failed or its device was lost; what it holds is still freed by the next load. */
  readonly failure: Failure | null;
}

type OwnLoad<M> = { -readonly [K in keyof Load<M>]: Load<M>[K] } & { readonly abort: AbortController };

export interface SlotOptions<M> {
  /** What is waited for before the model before is freed: whoever still uses it. Must not reject. */
  readonly after?: Promise<unknown> | undefined;
  readonly start: (options: LoadOptions) => Promise<M>;
  readonly state: (model: M) => ModelState;
}

export class ModelSlot<M extends { dispose(): Promise<void> }> {
  readonly #say: (state: ModelState) => void;
  /** Earlier ones have nothing to say any more: they were given up on purpose. */
  #last: OwnLoad<M> | undefined;
  /** Settles when everything before the last load is freed. */
  #freed: Promise<void> = Promise.resolve();

  constructor(say: (state: ModelState) => void) {
    this.#say = say;
  }

  /** The last load, failed or not; `undefined` when the place is empty. */
  get last(): Load<M> | undefined {
    return this.#last;
  }

  /** There or on its way, and not failed. */
  holds(key: string): boolean {
    return this.#last?.key === key && this.#last.failure === null;
  }

  /** Gives up what is there or on its way, and loads in its place. */
  load(key: string, { after, start, state }: SlotOptions<M>): Load<M> {
    this.#give("Another model or device was chosen meanwhile. Start the run again.", after);
    const freed = this.#freed;
    const abort = new AbortController();
    const begin = async (): Promise<M> => {
      await freed;
      abort.signal.throwIfAborted();
      const progress = (now: ModelState): void => {
        if (!abort.signal.aborted) this.#say(now);
      };
      return start({ progress, stop: abort.signal });
    };
    const mine: OwnLoad<M> = { key, abort, loaded: begin(), failure: null };
    this.#last = mine;
    void this.#report(mine, state);
    return mine;
  }

  /**
   * Gives up what is there or on its way; says "absent" if there was anything.
   * @returns once it is freed; never rejects.
   */
  clear(reason: string, after?: Promise<unknown>): Promise<void> {
    if (this.#last !== undefined) {
      this.#give(reason, after);
      this.#last = undefined;
      this.#say({ phase: "absent" });
    }
    return this.#freed;
  }

  /** Says that what is there is there no more, though it still has to be freed. */
  fail(load: Load<M>, failure: Failure): void {
    if (this.#last !== load) return;
    this.#last.failure = failure;
    this.#say({ phase: "failed", failure });
  }

  #give(reason: string, after: Promise<unknown> | undefined): void {
    const before = this.#last;
    before?.abort.abort(new Error(reason));
    const freed = this.#freed;
    this.#freed = (async () => {
      await after;
      await freed;
      try {
        await (await before?.loaded)?.dispose();
      } catch {
        // It failed to load, which was said then, or to be freed, which must not keep the next from loading.
      }
    })();
  }

  async #report(mine: OwnLoad<M>, state: (model: M) => ModelState): Promise<void> {
    try {
      const model = await mine.loaded;
      if (this.#last !== mine) return;
      this.#say(state(model));
    } catch (error) {
      this.fail(mine, failureOf(error));
    }
  }
}
