/** @file One training as the page has it: its log, folded, and where the worker says it stands. Takes events as they stream in, a few times a second. Asks the worker for nothing. */
import type { DeviceChoice, Domain, TrainingChoice, TrainingPhase, TrainingState } from "../../lab/protocol.ts";
import type { LoggedEvent } from "../../run/event.ts";
import { readEvents } from "../../run/lines.ts";
import { applyToTraining, emptyTraining, type Training } from "../../run/training.ts";

/** A step brings hundreds of events; the screen shows no more often. */
const FLUSH_MS = 150;
/** Steps that an estimate goes by. */
const RECENT = 5;

/** When an evaluation began, as far as this page saw it. */
interface Measuring {
  readonly since: number;
  readonly from: number;
}

export class OpenTraining {
  readonly id: string;
  /** Of one that was begun here; of a kept one its header says it. */
  readonly #choice: TrainingChoice | null;
  log = $state.raw<Training>(emptyTraining());
  /** `null`: the worker was not asked for it yet. */
  state = $state.raw<TrainingState | null>(null);
  /** Where the worker was asked to run it. */
  device: DeviceChoice = "auto";
  /** What was asked of it and has not happened yet. */
  asked = $state<"pause" | "back" | "end" | null>(null);
  /** Why it cannot be kept; `null` while it is. */
  unsaved = $state<string | null>(null);
  /** What was wrong with the first line of its file that cannot be read. */
  problem: string | null = null;
  #waiting: LoggedEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next = 0;
  #measuring = $state.raw<Measuring | null>(null);

  constructor(id: string, choice: TrainingChoice | null = null) {
    this.id = id;
    this.#choice = choice;
  }

  /** @param text of its log */
  static read(id: string, text: string): OpenTraining {
    const opened = new OpenTraining(id);
    opened.reread(text);
    return opened;
  }

  /** What the file says counts: a worker that died has told no more than that. */
  reread(text: string): void {
    let log = emptyTraining();
    this.#next = 0;
    this.problem = readEvents(text, (event) => {
      log = applyToTraining(log, event);
      this.#next = event.seq + 1;
    });
    this.#waiting = [];
    this.log = log;
  }

  readonly phase = $derived.by((): TrainingPhase => {
    const { status } = this.log;
    return this.state?.phase ?? (status === "running" || status === "empty" ? "paused" : "ended");
  });
  /** The worker is at it. */
  readonly busy = $derived(this.phase === "loading" || this.phase === "evaluating" || this.phase === "running");
  readonly ended = $derived(this.phase === "ended");
  /** Has been made. */
  readonly steps = $derived(this.log.steps.length);

  /** What was chosen; `null` of a log without a start. */
  readonly choice = $derived.by((): TrainingChoice | null => {
    const { header } = this.log;
    if (header?.training === undefined) return this.#choice;
    const { seed, groupSize: rollouts, lengthPenalty = null, domain, training } = header;
    return { ...training, seed, rollouts, lengthPenalty, domain: domain as Domain };
  });

  /** Tasks of the step under way that have their rewards. */
  readonly tasksDone = $derived([...this.log.open.values()].filter(({ finished }) => finished !== undefined).length);

  /** Of the last few steps; `null` before there is one. */
  readonly msPerStep = $derived.by(() => {
    const recent = this.log.steps.slice(-RECENT);
    return recent.length === 0 ? null : recent.reduce((sum, { event }) => sum + event.ms, 0) / recent.length;
  });

  /** Until the next evaluation; `null` while nothing can be said. */
  readonly msToEvaluation = $derived.by(() => {
    const { choice, msPerStep, steps } = this;
    if (choice === null || msPerStep === null) return null;
    return msPerStep * (choice.evaluateEvery - (steps % choice.evaluateEvery) - this.tasksDone / choice.tasks);
  });

  /** Until the evaluation under way is done; `null` while nothing can be said. */
  readonly msToEvaluate = $derived.by(() => {
    const { evaluated = 0, toEvaluate = 0 } = this.state ?? {};
    const seen = this.#measuring;
    if (seen === null || evaluated - seen.from < 2) return null;
    return ((performance.now() - seen.since) / (evaluated - seen.from)) * (toEvaluate - evaluated);
  });

  push(events: readonly LoggedEvent[]): void {
    this.#waiting.push(...events);
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, FLUSH_MS);
  }

  /** Shows what came. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let { log } = this;
    for (const event of this.#waiting.splice(0)) {
      // What the file had already when it was read.
      if (event.seq < this.#next) continue;
      log = applyToTraining(log, event);
      this.#next = event.seq + 1;
    }
    this.log = log;
  }

  /** A new phase stands behind all events before it. */
  tell(state: TrainingState): void {
    if (state.phase !== this.state?.phase) this.flush();
    if (state.phase !== "evaluating") this.#measuring = null;
    else if (this.#measuring === null && state.evaluated !== undefined)
      this.#measuring = { since: performance.now(), from: state.evaluated };
    if (state.phase === "paused" || state.phase === "ended" || state.phase === "failed") this.asked = null;
    this.state = state;
  }
}
