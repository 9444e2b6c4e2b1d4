/**
 * @file The log of one training, which goes on where it ended: numbers and times events, keeps and posts them. Its clock stands still while nothing
 * happens. Where the store fails it goes on in memory. Leaves out what the events are.
 */
import { ModelError } from "../cat/models.ts";
import { Turns } from "../cat/turns.ts";
import type { LoggedEvent, RunEvent } from "../run/event.ts";
import { firstLines, formatEvent } from "../run/lines.ts";
import { openTrainingLog, readTrainingLog, writeTrainingLog } from "../store/trainings.ts";
import type { RunWriter } from "../store/opfs.ts";
import { NO_PROGRESS, progressAfter, readTraining, type TrainingProgress } from "./training-progress.ts";

export interface LogListener {
  events(events: readonly LoggedEvent[]): void;
  /** Once: the training goes on without being kept. */
  unsaved(error: unknown): void;
}

export class TrainingLog {
  readonly #id: string;
  readonly #listener: LogListener;
  readonly #now: () => number;
  #progress = NO_PROGRESS;
  #seq = 0;
  /** Of the last event, and when on the own clock it was. */
  #lastMs = 0;
  #since: number;
  #file: RunWriter | null = null;
  /** All of it, once it cannot be kept. */
  #lines: string[] | null = null;
  /** Reading waits for writing, and the other way round. */
  readonly #turns = new Turns();

  private constructor(id: string, listener: LogListener, now: () => number) {
    this.#id = id;
    this.#listener = listener;
    this.#now = now;
    this.#since = now();
  }

  static begin(id: string, listener: LogListener, now: () => number): TrainingLog {
    return new TrainingLog(id, listener, now);
  }

  /** What stands behind a line that is not valid is cut off. @throws {ModelError} `storage`; `run-invalid` without a header */
  static async resume(id: string, listener: LogListener, now: () => number): Promise<TrainingLog> {
    const text = await readTrainingLog(id);
    const { progress, events, lastMs, problem } = readTraining(text);
    if (progress.header === null) {
      throw new ModelError("run-invalid", `The log of training ${id} cannot be read: ${problem ?? "it is empty"}.`);
    }
    if (problem !== null) await writeTrainingLog(id, firstLines(text, events));
    const log = new TrainingLog(id, listener, now);
    log.#progress = progress;
    log.#seq = events;
    log.#lastMs = lastMs;
    return log;
  }

  get progress(): TrainingProgress {
    return this.#progress;
  }

  /** `false` once it is in memory alone. */
  get kept(): boolean {
    return this.#lines === null;
  }

  /** Lets the clock go on: what was before is not counted. */
  wake(): void {
    this.#since = this.#now();
  }

  /** What comes together is posted together. @throws RangeError for an event that no file can hold: a fault of ours */
  async append(...events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    const now = this.#now();
    this.#lastMs = Math.round((this.#lastMs + now - this.#since) * 10) / 10;
    this.#since = now;
    const logged = events.map((event, i): LoggedEvent => ({ ...event, seq: this.#seq + i, atMs: this.#lastMs }));
    const lines = logged.map(formatEvent).join("");
    this.#seq += logged.length;
    await this.#turns.take(() => this.#keep(lines));
    for (const event of events) this.#progress = progressAfter(this.#progress, event);
    this.#listener.events(logged);
  }

  /** As it is kept. @throws {ModelError} `storage` */
  text(): Promise<string> {
    return this.#turns.take(() => this.#read());
  }

  /** Frees the file for readers elsewhere; the next event opens it again. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    file?.close();
  }

  /** Keeps nothing from now on, and says why. */
  leaveStore(error: unknown): Promise<void> {
    return this.#turns.take(() => this.#leave(error));
  }

  async #leave(error: unknown): Promise<void> {
    if (this.#lines !== null) return;
    this.#lines = [await this.#read().catch(() => "")];
    this.#listener.unsaved(error);
  }

  async #read(): Promise<string> {
    if (this.#lines !== null) return this.#lines.join("");
    this.close();
    return readTrainingLog(this.#id);
  }

  async #keep(lines: string): Promise<void> {
    if (this.#lines === null) {
      try {
        this.#file ??= await openTrainingLog(this.#id);
        this.#file.append(lines);
        return;
      } catch (error) {
        await this.#leave(error);
      }
    }
    this.#lines!.push(lines);
  }
}
