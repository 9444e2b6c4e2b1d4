/** @file The checkpoints of one training: the start, the best and the last few, so that their bytes are bounded. Kept in the store, or here where there is none. */
import { formatCheckpoint, type KeptCheckpoint, parseCheckpoint } from "./checkpoint-file.ts";
import { listCheckpoints, readCheckpoint, removeCheckpoint, writeCheckpoint } from "../store/trainings.ts";

/** Besides the start and the best. */
const LAST = 3;

/** Where the files lie. */
interface Files {
  list(): Promise<number[]>;
  read(step: number): Promise<Uint8Array<ArrayBuffer>>;
  write(step: number, bytes: Uint8Array): Promise<void>;
  remove(step: number): Promise<void>;
}

export class Checkpoints {
  #files: Files;
  #steps: number[] = [];

  private constructor(files: Files) {
    this.#files = files;
  }

  /** @param id of a training in the store; `null` keeps them in memory */
  static async open(id: string | null): Promise<Checkpoints> {
    const made = new Checkpoints(id === null ? inMemory() : inStore(id));
    for (const step of await made.#files.list()) {
      const whole = await made.read(step).then(
        () => true,
        () => false,
      );
      if (whole) made.#steps.push(step);
      else await made.#files.remove(step).catch(() => undefined);
    }
    return made;
  }

  /** In order. */
  get steps(): readonly number[] {
    return this.#steps;
  }

  /** From now on in memory: the start and the last of those that there are. */
  async leaveStore(): Promise<void> {
    const files = inMemory();
    const taken = new Set([0, this.#steps.at(-1) ?? 0].filter((step) => this.#steps.includes(step)));
    for (const step of taken) await files.write(step, await this.#files.read(step));
    this.#files = files;
    this.#steps = [...taken];
  }

  /** @throws {ModelError} `storage`, `file-damaged` */
  async read(step: number): Promise<KeptCheckpoint> {
    return parseCheckpoint(await this.#files.read(step));
  }

  /**
   * One of a step that is there already is the same. Then those are dropped that are no longer among the kept.
   * @param scores by step, of an evaluation @throws {ModelError} `storage`
   */
  async add(checkpoint: KeptCheckpoint, scores: ReadonlyMap<number, number>): Promise<void> {
    if (this.#steps.includes(checkpoint.step)) return;
    await this.#files.write(checkpoint.step, await formatCheckpoint(checkpoint));
    this.#steps = [...this.#steps, checkpoint.step].sort((a, b) => a - b);
    const kept = stepsToKeep(this.#steps, scores);
    await this.#drop((step) => !kept.has(step));
  }

  /** Those of steps that no longer stand. */
  async dropAbove(step: number): Promise<void> {
    await this.#drop((other) => other > step);
  }

  async #drop(gone: (step: number) => boolean): Promise<void> {
    for (const step of this.#steps.filter(gone)) await this.#files.remove(step).catch(() => undefined);
    this.#steps = this.#steps.filter((step) => !gone(step));
  }
}

function stepsToKeep(steps: readonly number[], scores: ReadonlyMap<number, number>): ReadonlySet<number> {
  const scored = steps.filter((step) => scores.has(step));
  const best = scored.toSorted((a, b) => scores.get(b)! - scores.get(a)!)[0];
  return new Set([0, ...(best === undefined ? [] : [best]), ...steps.slice(-LAST)]);
}

function inStore(id: string): Files {
  return {
    list: () => listCheckpoints(id),
    read: (step) => readCheckpoint(id, step),
    write: (step, bytes) => writeCheckpoint(id, step, bytes),
    remove: (step) => removeCheckpoint(id, step),
  };
}

function inMemory(): Files {
  const files = new Map<number, Uint8Array<ArrayBuffer>>();
  return {
    list: () => Promise.resolve([...files.keys()]),
    read: (step) => Promise.resolve(files.get(step)!),
    write: (step, bytes) => {
      files.set(step, new Uint8Array(bytes));
      return Promise.resolve();
    },
    remove: (step) => {
      files.delete(step);
      return Promise.resolve();
    },
  };
}
