/** @file Where things lie on the timeline: phases of a log, and a place on the track for each event. Knows nothing of the screen or of playing. */
import type { LoggedEvent } from "../../run/event.ts";

export const phases = ["explore", "synthesise", "reward"] as const;
export type Phase = (typeof phases)[number];

/** Where each phase lies on the track, 0..1. */
export type Stretches = Readonly<Record<Phase, readonly [from: number, to: number]>>;

/** Each phase has its own fixed stretch of the track and its own scale, or rewards (milliseconds) could not be hit beside answers (seconds). */
const comparing: Stretches = { explore: [0, 0.42], synthesise: [0.42, 0.78], reward: [0.78, 1] };
/** A rubric is written and judged, which takes as long as the answers. */
const judging: Stretches = { explore: [0, 0.36], synthesise: [0.36, 0.62], reward: [0.62, 1] };

/** Of the log's first group. */
export function stretchesOf(log: readonly LoggedEvent[]): Stretches {
  return log.find((event) => event.type === "group.started")?.task.kind === "open" ? judging : comparing;
}

/** The events `first..end−1` of one phase. */
export interface Span {
  readonly phase: Phase;
  readonly first: number;
  readonly end: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** The phase that an event begins or belongs to; `null` for events between phases and for methods other than synthesis. */
function phaseOf(event: LoggedEvent): Phase | null {
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
  for (const [index, event] of log.entries()) {
    const phase = phaseOf(event);
    if (phase === null || !("group" in event) || event.group !== 0) continue;
    const last = starts.at(-1);
    if (last === undefined || phases.indexOf(phase) > phases.indexOf(last.phase)) starts.push({ phase, first: index });
  }
  const endOfLog = log.at(-1)?.atMs ?? 0;
  return starts.map(({ phase, first }, i) => {
    const next = starts[i + 1];
    const startMs = log[first]?.atMs ?? 0;
    return {
      phase,
      first,
      end: next?.first ?? log.length,
      startMs,
      endMs: next === undefined ? endOfLog : (log[next.first]?.atMs ?? endOfLog),
    };
  });
}

/** Place on the track, 0..1, after the first `count` events. */
export function positionOf(log: readonly LoggedEvent[], spans: readonly Span[], count: number): number {
  const span = spans.findLast((s) => s.first < count);
  if (span === undefined) return 0;
  const [from, to] = stretchesOf(log)[span.phase];
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
