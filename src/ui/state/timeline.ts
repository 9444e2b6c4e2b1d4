/** @file Where things lie on the timeline: phases of a log, and a place on the track for each event. Knows nothing of the screen or of playing. */
import type { LoggedEvent } from "../../run/event.ts";

export const phases = ["explore", "synthesise", "reward", "others", "key"] as const;
export type Phase = (typeof phases)[number];

export const phaseNames: Readonly<Record<Phase, string>> = {
  explore: "Explore",
  synthesise: "Synthesise",
  reward: "Reward",
  others: "Others",
  key: "Key",
};

/** Where each phase lies on the track, 0..1; one that the run does not have lies at the end and has no length. */
export type Stretches = Readonly<Record<Phase, readonly [from: number, to: number]>>;

/** Each phase has its own fixed stretch of the track and its own scale, or rewards (milliseconds) could not be hit beside answers (seconds). */
const comparing: Readonly<Record<Phase, number>> = { explore: 42, synthesise: 36, reward: 22, others: 14, key: 8 };
/** A rubric is written and judged, which takes as long as the answers. */
const judging: Readonly<Record<Phase, number>> = { explore: 36, synthesise: 26, reward: 38, others: 14, key: 8 };

/** Of the log's first group. While the run goes on, room is kept for the other methods. */
export function stretchesOf(log: readonly LoggedEvent[], spans: readonly Span[] = spansOf(log)): Stretches {
  const open = log.find((event) => event.type === "group.started")?.task.kind === "open";
  const lengths = open ? judging : comparing;
  const known = new Set<Phase>(["explore", "synthesise", "reward", ...spans.map(({ phase }) => phase)]);
  if (!log.some(isEnd)) known.add("others");
  const whole = phases.reduce((sum, phase) => sum + (known.has(phase) ? lengths[phase] : 0), 0);
  let to = 0;
  const stretches = phases.map((phase) => {
    const from = to;
    to += known.has(phase) ? lengths[phase] : 0;
    return [phase, [from / whole, to / whole]] as const;
  });
  return Object.fromEntries(stretches) as Record<Phase, readonly [number, number]>;
}

/** A run ends once, unless it is resumed; what a person does with it comes after. */
export function isEnd({ type }: LoggedEvent): boolean {
  return type === "run.finished" || type === "run.stopped" || type === "run.failed";
}

/** When the run ended, or as far as it has come, in milliseconds from its start. What a person does after the end takes their time, not the run's. */
export function endOf(log: readonly LoggedEvent[]): number {
  const resumed = log.findLastIndex(({ type }) => type === "run.resumed");
  return (log.find((event, i) => i > resumed && isEnd(event)) ?? log.at(-1))?.atMs ?? 0;
}

/** The events `first..end−1` of one phase. */
export interface Span {
  readonly phase: Phase;
  readonly first: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** How far a log has come: what the same event means before and after. */
interface Progress {
  readonly rewarded: boolean;
  readonly over: boolean;
}

/** The phase that an event begins or belongs to; `null` for events between phases, and for what a person does after the end. */
function phaseOf(event: LoggedEvent, { rewarded, over }: Progress): Phase | null {
  if (event.type === "label") return "key";
  if (over) return null;
  // Once the rewards are there, the judge is asked where steps come from, with them on the screen; then the other methods.
  if (event.type === "prompt.sent" && (event.purpose === "says" || event.purpose === "denies")) return null;
  if (rewarded) return /^(prompt|reference)\./.test(event.type) ? "others" : null;
  switch (event.type) {
    case "rollout.delta":
    case "rollout.finished":
      return "explore";
    case "prompt.sent":
      if (event.purpose === "rollout") return "explore";
      if (event.purpose === "synthesis") return "synthesise";
      return event.purpose === "rubric" || event.purpose === "verdict" ? "reward" : null;
    case "reference.delta":
    case "reference.finished":
      return event.aggregator === "synthesis" ? "synthesise" : null;
    case "rubric.delta":
    case "rubric.finished":
    case "verdict":
    case "equivalence":
    case "tests":
    case "reward":
    case "group.finished":
      return "reward";
    default:
      return null;
  }
}

/** The phases of the log's first group that have begun, in order; each ends where the next begins, the last at the end of the log. */
export function spansOf(log: readonly LoggedEvent[]): readonly Span[] {
  const starts: { phase: Phase; first: number }[] = [];
  let progress: Progress = { rewarded: false, over: false };
  for (const [index, event] of log.entries()) {
    const phase = phaseOf(event, progress);
    if (event.type === "group.finished") progress = { ...progress, rewarded: true };
    if (isEnd(event)) progress = { ...progress, over: true };
    if (event.type === "run.resumed") progress = { ...progress, over: false };
    if (phase === null || !("group" in event) || event.group !== 0) continue;
    const last = starts.at(-1);
    if (last === undefined || phases.indexOf(phase) > phases.indexOf(last.phase)) starts.push({ phase, first: index });
  }
  const endOfLog = endOf(log);
  return starts.map(({ phase, first }, i) => {
    const next = starts[i + 1];
    const startMs = log[first]?.atMs ?? 0;
    return {
      phase,
      first,
      end: next?.first ?? log.length,
      startMs,
      endMs: next === undefined ? endOfLog : Math.min(log[next.first]?.atMs ?? endOfLog, endOfLog),
    };
  });
}

/** Place on the track, 0..1, after the first `count` events. */
export function positionOf(log: readonly LoggedEvent[], spans: readonly Span[], count: number): number {
  const span = spans.findLast((s) => s.first < count);
  if (span === undefined) return 0;
  const [from, to] = stretchesOf(log, spans)[span.phase];
  return from + (to - from) * within(log, span, count);
}

/** How many events lie at or before a place on the track: the inverse of {@link positionOf}. */
export function countAt(log: readonly LoggedEvent[], spans: readonly Span[], position: number): number {
  let low = spans[0]?.first ?? 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (positionOf(log, spans, middle) <= position + 1e-9) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Counts at which a phase is about to begin, and the end: the stops of the arrow keys. */
export function stopsOf(log: readonly LoggedEvent[], spans: readonly Span[]): readonly number[] {
  return [...spans.map((s) => s.first), log.length];
}

/** How far into its span, 0..1: by time, or by events where the span is too short to tell times apart. */
function within(log: readonly LoggedEvent[], span: Span, count: number): number {
  const done = count - span.first;
  const size = span.end - span.first;
  if (done >= size) return 1;
  const ms = span.endMs - span.startMs;
  if (ms < 40) return done / size;
  return Math.min(1, ((log[count - 1]?.atMs ?? 0) - span.startMs) / ms);
}
