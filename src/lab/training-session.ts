/**
 * @file One training from its first command to its end: loads, evaluates, steps, pauses, goes back, goes on after a lost device or a closed tab.
 * Commands come in any order and never wait. Leaves out what a step is (training.ts), how parts are loaded, and who else wants the device.
 */
import type { HeldOut } from "../bench/held-out.ts";
import { ModelError } from "../cat/models.ts";
import { Turns } from "../cat/turns.ts";
import type { RunEvent } from "../run/event.ts";
import { answersOf } from "./answers.ts";
import { namingCheckpoint } from "./checkpoint-hash.ts";
import { Checkpoints } from "./checkpoints.ts";
import { failureOf } from "./failure.ts";
import type { LoadedTraining, LoadTraining, TrainingPlace } from "./loaded-training.ts";
import { Notices } from "./notices.ts";
import type {
  DeviceChoice,
  Failure,
  TrainingAnswers,
  TrainingChoice,
  TrainingPhase,
  TrainingState,
} from "./protocol.ts";
import { evaluatePolicy, evaluateStart, heldOutOf, type TrainingParts, trainingStep } from "./training.ts";
import { choiceOf, headerOf } from "./training-header.ts";
import { type LogListener, TrainingLog } from "./training-log.ts";
import { WorkQueue } from "./work-queue.ts";

export interface SessionListener extends LogListener {
  state(state: TrainingState): void;
}

export interface SessionParts {
  readonly load: LoadTraining;
  /** Until no run is in progress. */
  readonly turn: () => Promise<void>;
  readonly now: () => number;
  readonly listener: SessionListener;
}

export class TrainingSession {
  readonly id: string;
  readonly #choice: TrainingChoice;
  readonly #place: TrainingPlace;
  readonly #parts: SessionParts;
  readonly #log: TrainingLog;
  readonly #notices = new Notices();
  #phase: TrainingPhase = "paused";
  #failure: Failure | null = null;
  #checkpoints: Checkpoints | null = null;
  #loaded: LoadedTraining | null = null;
  #heldOut: HeldOut | null = null;
  readonly #work = new WorkQueue((error) => this.#fail(error));
  /** Set while steps are wanted. */
  #stepping: AbortController | null = null;
  /** How many steps are wanted in all. */
  #target = 0;
  /** A step changes the policy: whoever asks it something waits, and the step for them. */
  readonly #policyTurns = new Turns();

  private constructor(
    id: string,
    log: TrainingLog,
    made: { choice: TrainingChoice; place: TrainingPlace },
    parts: SessionParts,
  ) {
    this.id = id;
    this.#log = log;
    this.#choice = made.choice;
    this.#place = made.place;
    this.#parts = parts;
  }

  /** What was asked for, whatever it came to. */
  get device(): DeviceChoice {
    return this.#place.device;
  }

  /** A new one. Nothing happens before {@link run}. */
  static begin(id: string, choice: TrainingChoice, place: TrainingPlace, parts: SessionParts): TrainingSession {
    return new TrainingSession(id, TrainingLog.begin(id, parts.listener, parts.now), { choice, place }, parts);
  }

  /** A kept one, which is loaded and then paused. @throws {ModelError} `storage`, `run-invalid` */
  static async resume(id: string, place: TrainingPlace, parts: SessionParts): Promise<TrainingSession> {
    const log = await TrainingLog.resume(id, parts.listener, parts.now);
    const session = new TrainingSession(id, log, { choice: choiceOf(log.progress.header!), place }, parts);
    void session.#work.add(async (stop) => {
      await session.#ready(stop);
      session.#rest();
    }, new AbortController());
    return session;
  }

  /** @param steps `null`: until paused. While it runs, only that changes anything. */
  run(steps: number | null): void {
    if (this.#stepping?.signal.aborted === false) {
      if (steps === null) this.#target = Infinity;
      return;
    }
    const mine = (this.#stepping = new AbortController());
    void this.#work.add(async (stop) => {
      if (this.#log.progress.ended) return;
      this.#target = steps === null ? Infinity : this.#log.progress.steps + steps;
      await this.#steps(stop);
      await this.#keep();
      // Whoever hears that it rests may want the next steps at once.
      if (this.#stepping === mine) this.#stepping = null;
      this.#rest();
    }, mine);
  }

  /** @param why is written into the log, if given @returns once it is paused and kept */
  pause(why?: Extract<RunEvent, { type: "notice" }>): Promise<void> {
    const wasUnderWay = this.#work.interrupt();
    return this.#work.add(async () => {
      if (this.#phase === "failed" || this.#log.progress.ended) return;
      await this.#keep();
      if (why !== undefined && wasUnderWay && this.#log.progress.header !== null) await this.#log.append(why);
      this.#rest();
    });
  }

  /** Where there is no checkpoint of that step, nothing happens. */
  back(step: number): void {
    this.#work.interrupt();
    void this.#work.add(async (stop) => {
      if (this.#log.progress.ended) return;
      await this.#ready(stop);
      if (this.#checkpoints!.steps.includes(step)) {
        await this.#log.append({ type: "rewound", step });
        await this.#restore();
      }
      this.#rest();
    });
  }

  /** Not before a last evaluation. */
  end(): void {
    this.#work.interrupt();
    void this.#work.add(async (stop) => {
      if (this.#log.progress.ended) return;
      this.#target = this.#log.progress.steps;
      await this.#steps(stop);
      if (!this.#log.progress.scores.has(this.#log.progress.steps)) await this.#evaluate(stop);
      await this.#keep();
      await this.#log.append({ type: "run.finished" });
      this.#rest();
    }, new AbortController());
  }

  /** Of the policy as it started and as it is now, between two steps. @throws {ModelError} `unexpected` unless it is loaded, and as the models */
  answers(prompt: string): Promise<TrainingAnswers> {
    return this.#policyTurns.take(async () => {
      if (this.#loaded !== null) return answersOf(prompt, this.#loaded.trainee, this.#choice);
      throw new ModelError("unexpected", "No training is loaded. Continue one, then ask again.");
    });
  }

  /** Says again where it stands. */
  tell(): void {
    this.#say(this.#phase);
  }

  /** The log so far. @throws {ModelError} `storage` */
  text(): Promise<string> {
    return this.#log.text();
  }

  /** As hub's model.safetensors: of now, or of the last checkpoint. @throws {ModelError} `unexpected` before there is any */
  async weights(): Promise<Uint8Array> {
    if (this.#loaded !== null && this.#phase !== "loading") {
      const { trainer } = this.#loaded.trainee;
      return this.#policyTurns.take(async () => (await trainer.checkpoint()).weights);
    }
    const last = this.#checkpoints?.steps.at(-1);
    if (last !== undefined) return (await this.#checkpoints!.read(last)).weights;
    throw new ModelError("unexpected", `Training ${this.id} has no checkpoint yet. Let it run for a while.`);
  }

  /** Kept, and everything that it holds freed. */
  async close(): Promise<void> {
    await this.pause();
    await this.#unload();
    this.#log.close();
  }

  /** Everything loaded, and as it was at the last checkpoint. */
  async #ready(stop: AbortSignal): Promise<void> {
    if (this.#loaded !== null) return;
    this.#say("loading");
    this.#checkpoints ??= await this.#openCheckpoints();
    const progress = (loadedBytes: number, totalBytes: number): void => {
      this.#say("loading", { loadedBytes, totalBytes });
    };
    const loaded = await this.#parts.load(this.#choice, this.#place, { progress, stop });
    this.#loaded = loaded;
    try {
      if (this.#log.progress.header === null) await this.#log.append(headerOf(this.#choice, loaded));
      await this.#restore();
    } catch (error) {
      await this.#unload();
      throw error;
    }
  }

  /** Evaluations and steps up to the target; through the loss of a device, unless nothing comes about between two losses. */
  async #steps(stop: AbortSignal): Promise<void> {
    await orStopped(this.#parts.turn(), stop);
    for (let lostAt: string | null = null; ;) {
      try {
        await this.#ready(stop);
        this.#notices.listenTo(this.#loaded!);
        this.#log.wake();
        await this.#stepUntilTarget(stop);
        return;
      } catch (error) {
        const { steps, scores } = this.#log.progress;
        const at = `${steps} ${scores.size}`;
        if (!(error instanceof ModelError && error.code === "device-lost") || lostAt === at || stop.aborted)
          throw error;
        lostAt = at;
        await this.#loaded?.renew();
        await this.#restore();
      }
    }
  }

  async #stepUntilTarget(stop: AbortSignal): Promise<void> {
    if (this.#checkpoints!.steps.length === 0) await this.#evaluate(stop);
    for (;;) {
      const { steps, scores } = this.#log.progress;
      if (steps % this.#choice.evaluateEvery === 0 && !scores.has(steps)) await this.#evaluate(stop);
      if (steps >= this.#target) return;
      stop.throwIfAborted();
      if (this.#phase !== "running") this.#say("running");
      await this.#policyTurns.take(() => this.#step(steps, stop));
    }
  }

  /** A checkpoint comes with it. Of the start, the fixed lines are found as well. */
  async #evaluate(stop: AbortSignal): Promise<void> {
    this.#say("evaluating");
    const parts = this.#trainingParts();
    const { steps } = this.#log.progress;
    if (steps === 0) await this.#append(evaluateStart(parts, stop));
    else await this.#log.append(...this.#notices.take(), await evaluatePolicy(steps, parts, stop));
    await this.#keep();
  }

  async #step(step: number, stop: AbortSignal): Promise<void> {
    const { trainer } = this.#loaded!.trainee;
    const evaluated = (step + 1) % this.#choice.evaluateEvery === 0;
    for await (const event of this.#notices.among(trainingStep(step, this.#trainingParts(), this.#choice, stop))) {
      await this.#log.append(evaluated ? await namingCheckpoint(event, trainer) : event);
    }
  }

  async #append(events: AsyncIterable<RunEvent>): Promise<void> {
    for await (const event of this.#notices.among(events)) await this.#log.append(event);
  }

  #trainingParts(): TrainingParts {
    return { ...this.#loaded!, trainee: this.#loaded!.trainee, heldOut: this.#heldOut! };
  }

  /** The policy as at the last checkpoint, or as it started where there is none; the log says so. */
  async #restore(): Promise<void> {
    const { trainee, items, runner } = this.#loaded!;
    const { steps } = this.#log.progress;
    const checkpoints = this.#checkpoints!;
    await checkpoints.dropAbove(steps);
    const last = checkpoints.steps.at(-1);
    const checkpoint = last === undefined ? null : await checkpoints.read(last);
    if (checkpoint !== null) await this.#policyTurns.take(() => trainee.restore(checkpoint));
    if ((last ?? 0) < steps) await this.#log.append(...this.#notices.take(), { type: "rewound", step: last ?? 0 });
    const onItem = (evaluated: number): void => {
      this.#say("evaluating", { evaluated, toEvaluate: items.length });
    };
    this.#heldOut = heldOutOf(items, { trainee, runner }, this.#choice, { limits: checkpoint?.limits ?? null, onItem });
  }

  /** A checkpoint of now, unless there is one. */
  async #keep(): Promise<void> {
    const { steps, scores } = this.#log.progress;
    const checkpoints = this.#checkpoints;
    // Before the start is evaluated there is nothing worth keeping.
    if (this.#loaded === null || !scores.has(0) || checkpoints!.steps.includes(steps)) return;
    const { weights, optimizer } = await this.#loaded.trainee.trainer.checkpoint();
    const checkpoint = { step: steps, weights, optimizer, limits: this.#heldOut!.limits };
    try {
      await checkpoints!.add(checkpoint, scores);
    } catch (error) {
      await this.#log.leaveStore(error);
      await checkpoints!.leaveStore();
      await checkpoints!.add(checkpoint, scores);
    }
  }

  async #openCheckpoints(): Promise<Checkpoints> {
    try {
      return await Checkpoints.open(this.id);
    } catch (error) {
      await this.#log.leaveStore(error);
      return Checkpoints.open(null);
    }
  }

  /** What can be kept is kept; the next run loads anew. */
  async #fail(error: unknown): Promise<void> {
    this.#stepping = null;
    this.#notices.release();
    await this.#keep().catch(() => undefined);
    await this.#unload();
    const { code, message } = failureOf(error);
    const { header, ended } = this.#log.progress;
    if (header !== null && !ended) await this.#log.append(...this.#notices.take(), { type: "notice", code, message });
    this.#failure = { code, message };
    this.#say("failed");
  }

  async #unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    await loaded?.dispose().catch(() => undefined);
  }

  #rest(): void {
    this.#notices.release();
    this.#loaded?.rest();
    this.#log.close();
    this.#say(this.#log.progress.ended ? "ended" : "paused");
  }

  #say(phase: TrainingPhase, more: Partial<TrainingState> = {}): void {
    this.#phase = phase;
    if (phase !== "failed") this.#failure = null;
    const { header, scores } = this.#log.progress;
    this.#parts.listener.state({
      phase,
      failure: this.#failure,
      device: this.#loaded?.trainee.policy.record.device ?? header?.models.policy.device ?? null,
      kept: this.#log.kept,
      checkpoints: (this.#checkpoints?.steps ?? []).map((step) => ({ step, score: scores.get(step) ?? null })),
      ...more,
    });
  }
}

/** A run that waits for this training to pause must not be waited for. @throws the reason of `stop` */
function orStopped(work: Promise<void>, stop: AbortSignal): Promise<void> {
  stop.throwIfAborted();
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener("abort", () => {
      reject(stop.reason as Error);
    });
  });
  return Promise.race([work, stopped]);
}
