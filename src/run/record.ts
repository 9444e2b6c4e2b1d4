/** @file The recorder: turns the events of groups into the log of a run, numbered, timed, and ended truthfully; or into the rest of one. Does not store or post. */
import { type Clock, ModelError, type Stop } from "../cat/models.ts";
import { CodedError } from "./coded-error.ts";
import { type GroupEvent, type LoggedEvent, RUN_FORMAT, type RunEvent, type RunHeader } from "./event.ts";

/** Deltas of one stream within this time become one event: the screen shows no more, and the file stays small. */
const DELTA_MS = 100;

type Delta = Extract<RunEvent, { type: "rollout.delta" | "reference.delta" | "rubric.delta" }>;

/** Says which group the events belong to. */
export async function* inGroup(group: number, events: AsyncIterable<GroupEvent>): AsyncGenerator<RunEvent> {
  for await (const event of events) yield { ...event, group };
}

/**
 * The log of one run: `run.started`, the events with joined deltas, then exactly one of `run.finished`,
 * `run.stopped` and `run.failed`. Never throws: a failure is an event.
 * @param stop tells a stop that was asked for from a failure.
 */
export async function* recordRun(
  header: RunHeader,
  events: AsyncIterable<RunEvent>,
  now: Clock,
  stop?: Stop,
): AsyncGenerator<LoggedEvent> {
  const start = now();
  let seq = 0;
  const log = (event: RunEvent): LoggedEvent => ({ ...event, seq: seq++, atMs: Math.round((now() - start) * 10) / 10 });

  yield log({ type: "run.started", format: RUN_FORMAT, ...header });
  for await (const event of toTheEnd(events, now, stop)) yield log(event);
}

/** The same events with joined deltas, and the one that ends a run. Never throws. */
export async function* toTheEnd(events: AsyncIterable<RunEvent>, now: Clock, stop?: Stop): AsyncGenerator<RunEvent> {
  const joined = new Map<string, Delta>();
  let flushed = now();
  const flush = (): Delta[] => {
    const deltas = [...joined.values()];
    joined.clear();
    flushed = now();
    return deltas;
  };
  let end: RunEvent = { type: "run.finished" };
  try {
    for await (const event of events) {
      if (event.type === "rollout.delta" || event.type === "reference.delta" || event.type === "rubric.delta") {
        const stream = streamOf(event);
        const before = joined.get(stream);
        joined.set(stream, before === undefined ? event : join(before, event));
        if (now() - flushed >= DELTA_MS) yield* flush();
      } else {
        yield* flush();
        yield event;
      }
    }
  } catch (error) {
    end = stop?.aborted === true ? { type: "run.stopped", by: "visitor" } : failure(error);
  }
  yield* flush();
  yield end;
}

/** What is written on one after the other; two attempts at a rubric are two streams. */
function streamOf(delta: Delta): string {
  switch (delta.type) {
    case "rollout.delta":
      return String(delta.rollout);
    case "reference.delta":
      return delta.aggregator;
    case "rubric.delta":
      return `rubric ${delta.attempt}`;
  }
}

/** Both are of one stream, so of one type. */
function join(a: Delta, b: Delta): Delta {
  if (a.type === "rollout.delta" && b.type === "rollout.delta") {
    const logprob = a.logprob === null || b.logprob === null ? null : a.logprob + b.logprob;
    return { ...a, text: a.text + b.text, tokens: a.tokens + b.tokens, logprob };
  }
  return { ...a, text: a.text + b.text };
}

function failure(error: unknown): RunEvent {
  const message = error instanceof Error ? error.message : String(error);
  const coded = error instanceof ModelError || error instanceof CodedError;
  return { type: "run.failed", code: coded ? error.code : "unexpected", message };
}
