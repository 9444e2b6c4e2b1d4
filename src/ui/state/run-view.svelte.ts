/** @file One run on the stage: its log, how much of it is shown, and playing it again. Does not know the worker or the library. */
import type { LoggedEvent } from "../../run/event.ts";
import { apply, emptyRun } from "../../run/run.ts";
import type { Gate } from "./link.ts";
import {
  countAt,
  endOf,
  isEnd,
  phases,
  positionOf,
  spansOf,
  stopsOf,
  stretchesOf,
  type Span,
  type Stretches,
} from "./timeline.ts";

/** `live`: of this page; `recorded`: shipped with it; `kept`: from the library. */
export type RunSource = "live" | "recorded" | "kept";

/** Ten updates a second: faster is not read, and costs layout. */
const FRAME_MS = 100;

/** Offered paces; below 1 because an embedded model answers faster than one can read. The last one shows all at once. */
export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, Infinity] as const;

export class RunView {
  id: string;
  source = $state<RunSource>("live");
  /** Why a recorded run was chosen; `null` for any other. */
  readonly why: string | null;
  /** What the shown events make of the run. */
  run = $state.raw(emptyRun);
  /** How many events are shown. */
  count = $state(0);
  /** How many events there are. */
  length = $state(0);
  spans = $state.raw<readonly Span[]>([]);
  playing = $state(false);
  /** Times real pace. */
  speed = $state(1);
  /** Shows events as they come; off once the visitor goes back in time. */
  following = $state(true);
  /** The log has its last event. */
  complete = $state(false);
  /** No further event will come, though the last one is missing. */
  lost = $state(false);
  /** It had ended before its time and is being finished. */
  resuming = $state(false);
  /** The phase before which the stage waits, however far the log has come; `null` and "end": nothing is held back. */
  gate = $state<Gate | null>(null);

  readonly #log: LoggedEvent[] = [];
  #foldedAt = -Infinity;
  #fold: ReturnType<typeof setTimeout> | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #playMs = 0;
  #tickedAt = 0;

  /** @param id names it in the library; for a recorded run, its file. */
  constructor(id: string, source: RunSource, why: string | null = null) {
    this.id = id;
    this.source = source;
    this.why = why;
  }

  /** A whole log, shown from its end. */
  static of(id: string, source: RunSource, log: readonly LoggedEvent[], why: string | null = null): RunView {
    const view = new RunView(id, source, why);
    view.push(log);
    return view;
  }

  /** Of the run's header, whatever is shown; `null` before there is one, and for a run of no domain. */
  get domain(): string | null {
    const first = this.length === 0 ? undefined : this.#log[0];
    return first?.type === "run.started" ? first.domain : null;
  }

  /** Where the phases lie on the track. */
  get stretches(): Stretches {
    return stretchesOf(this.length === 0 ? [] : this.#log, this.spans);
  }

  get durationMs(): number {
    return this.length === 0 ? 0 : endOf(this.#log);
  }

  /** Place on the track, 0..1. */
  get position(): number {
    return positionOf(this.#log, this.spans, this.count);
  }

  /** Where on the track something was done otherwise than asked. */
  get noticed(): readonly number[] {
    return this.run.notices.map(({ seq }) => positionOf(this.#log, this.spans, seq + 1));
  }

  /** More events are expected. */
  get going(): boolean {
    return (this.source === "live" || this.resuming) && !this.complete && !this.lost;
  }

  /** Shows all of a log that ends in the middle of its run: a closed tab, a cut file, a lost worker. */
  get cutShort(): boolean {
    return !this.going && !this.complete && this.atEnd && this.length > 0;
  }

  get atEnd(): boolean {
    return this.count === this.length;
  }

  /** How many events may be shown: all that come before the {@link gate}. */
  get limit(): number {
    const { gate } = this;
    if (gate === null || gate === "end") return this.length;
    const held = this.spans.find(({ phase }) => phases.indexOf(phase) >= phases.indexOf(gate));
    return held?.first ?? this.length;
  }

  get atLimit(): boolean {
    return this.count >= this.limit;
  }

  /** The whole run as its file, JSON lines. */
  get file(): string {
    return this.#log.map((event) => JSON.stringify(event) + "\n").join("");
  }

  /** A copy of it is kept from now on, under that id. */
  keepAs(id: string): void {
    this.id = id;
    this.source = "kept";
  }

  /** Adds events in order. Texts are shown at most ten times a second; anything else at once. */
  push(events: readonly LoggedEvent[]): void {
    const sealed = this.gate === "key" && this.atLimit && this.complete;
    for (const event of events) {
      this.#log.push(event);
      // What a person does comes after the end.
      this.complete = event.type !== "run.resumed" && (this.complete || isEnd(event));
      if (event.type === "run.resumed") this.lost = false;
    }
    this.length = this.#log.length;
    this.spans = spansOf(this.#log);
    // Who opens the key by hand while the stage waits for it wants to see it.
    if (sealed && this.spans.at(-1)?.phase === "key") this.gate = "end";
    if (!this.following) return;
    const onlyText = events.every((e) => /^(rollout|reference|rubric)\.delta$/.test(e.type));
    const wait = onlyText ? this.#foldedAt + FRAME_MS - performance.now() : 0;
    if (wait <= 0) this.#show(this.limit);
    else
      this.#fold ??= setTimeout(() => {
        this.#catchUp();
      }, wait);
  }

  /** Shows the first `n` events. */
  seek(n: number): void {
    this.pause();
    this.#goTo(n);
  }

  /** Shows what had happened `ms` after the start. */
  seekTime(ms: number): void {
    this.seek(this.#countAtTime(ms));
  }

  seekPosition(position: number): void {
    this.seek(position >= 1 ? this.limit : countAt(this.#log, this.spans, position));
  }

  /** To the next or previous beginning of a phase, or the end. */
  step(direction: 1 | -1): void {
    const stops = stopsOf(this.#log, this.spans);
    const stop = direction > 0 ? stops.find((s) => s > this.count) : stops.findLast((s) => s < this.count);
    if (stop !== undefined) this.seek(stop);
  }

  /** One event on or back. */
  stepEvent(direction: 1 | -1): void {
    this.seek(this.count + direction);
  }

  /** To the newest event, and on with every event that comes. */
  follow(): void {
    this.pause();
    this.#goTo(this.#log.length);
  }

  /** Moves the gate, and shows what is then before it: at the chosen pace when `play` is set and there is more than before, else at once. */
  holdAt(gate: Gate | null, play: boolean): void {
    this.pause();
    this.gate = gate;
    const { count } = this;
    if (play && count < this.limit) this.play();
    else this.#goTo(this.limit);
  }

  /** Stays at what is shown, even while more events come. */
  hold(): void {
    this.pause();
    this.following = false;
  }

  /** Plays on from here; from the beginning when a whole run is shown. */
  play(): void {
    if (this.playing || this.#log.length === 0) return;
    if (this.speed === Infinity || (this.atLimit && this.going)) {
      this.follow();
      return;
    }
    if (this.atLimit) this.#goTo(Math.min(this.spans[0]?.first ?? 0, this.limit));
    if (this.atLimit) return;
    this.playing = true;
    this.following = false;
    this.#playMs = this.run.atMs;
    this.#tickedAt = performance.now();
    this.#tick = setInterval(() => {
      this.#advance();
    }, FRAME_MS);
  }

  pause(): void {
    this.playing = false;
    clearInterval(this.#tick);
    this.#tick = undefined;
  }

  /** The offered pace at which the run is comfortably watched: about ten seconds, unless it took longer by itself. */
  comfortableSpeed(): number {
    return speeds.findLast((speed) => speed <= 1 && this.durationMs / speed >= 8000) ?? speeds[0];
  }

  /** Stops the timers; the log stays. */
  dispose(): void {
    this.pause();
    clearTimeout(this.#fold);
    this.#fold = undefined;
  }

  #advance(): void {
    const now = performance.now();
    this.#playMs += (now - this.#tickedAt) * this.speed;
    this.#tickedAt = now;
    const n = this.speed === Infinity ? this.limit : Math.min(this.#countAtTime(this.#playMs), this.limit);
    if (n > this.count) this.#show(n);
    if (this.atLimit) {
      this.pause();
      this.following = true;
    }
  }

  #catchUp(): void {
    this.#fold = undefined;
    if (this.following) this.#show(this.limit);
  }

  #goTo(n: number): void {
    const { limit } = this;
    const count = Math.max(0, Math.min(n, limit));
    this.following = count === limit;
    this.#show(count);
  }

  /** Folds on from what is shown, or from the start when going back. */
  #show(n: number): void {
    let run = n < this.count ? emptyRun : this.run;
    for (const event of this.#log.slice(n < this.count ? 0 : this.count, n)) run = apply(run, event);
    this.run = run;
    this.count = n;
    this.#foldedAt = performance.now();
  }

  /** What a person did after the end comes with the end: their time is not played again. */
  #countAtTime(ms: number): number {
    if (this.complete && ms >= this.durationMs) return this.#log.length;
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#log[middle]?.atMs ?? Infinity) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
