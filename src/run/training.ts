/**
 * @file What a training looks like after the first n events of its log: a pure fold, shared by the live view, kept trainings and tables. What was
 * gone back behind no longer stands, and is kept for the record. Leaves out what follows from it (training-findings.ts) and persons' corrections.
 */
import type { LoggedEvent, RunHeader } from "./event.ts";
import { applyToGroup, type GroupState, type Noticed, startGroup } from "./run.ts";
import { stepOf, type TrainingStep } from "./training-step.ts";

export type { TrainingStep } from "./training-step.ts";

type EventOf<T extends LoggedEvent["type"]> = Extract<LoggedEvent, { type: T }>;

/** `step`: how many had been made. */
export type Evaluation = EventOf<"evaluation">;

/** Of the policy as it started, on held-out items: what it is held against. `undefined` has not come; of open tasks there is no majority. */
export interface FixedLines {
  readonly single: Evaluation | undefined;
  readonly greedy: Evaluation | undefined;
  readonly majority: Evaluation | undefined;
  /** The initial teacher. */
  readonly synthesis: Evaluation | undefined;
}

/** Back to an earlier step; what was made since is here and nowhere else. */
export interface Rewind {
  /** Steps that still stand. */
  readonly to: number;
  /** Steps that had been made. */
  readonly from: number;
  readonly steps: readonly TrainingStep[];
  readonly scores: readonly Evaluation[];
  readonly atMs: number;
}

export interface Training {
  readonly status: "empty" | "running" | "finished" | "stopped" | "failed";
  readonly header: RunHeader | undefined;
  /** Those that stand: the n-th is step n. */
  readonly steps: readonly TrainingStep[];
  /** Of the step that is under way or was given up, by number. */
  readonly open: ReadonlyMap<number, GroupState>;
  /** Of a single sample: those that stand, by step; the first is the start's. */
  readonly scores: readonly Evaluation[];
  readonly lines: FixedLines;
  /** In order; also those that took nothing back. */
  readonly rewinds: readonly Rewind[];
  readonly notices: readonly Noticed[];
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** Time of the last event; the clock stands still while a training is paused. */
  readonly atMs: number;
}

export function emptyTraining(): Training {
  return {
    ...{ status: "empty", header: undefined, steps: [], open: new Map(), scores: [] },
    lines: { single: undefined, greedy: undefined, majority: undefined, synthesis: undefined },
    ...{ rewinds: [], notices: [], failure: undefined, atMs: 0 },
  };
}

/**
 * The training after one more event. Unchanged parts are shared with `training`.
 * @throws RangeError for an event that cannot stand here: before the start, a second start, after the end; a step out of order; of a group or
 * rollout that has not started; back to a step that was not made.
 */
export function applyToTraining(training: Training, event: LoggedEvent): Training {
  return { ...after(training, event), atMs: event.atMs };
}

function after(training: Training, event: LoggedEvent): Training {
  const { status, steps } = training;
  if (event.type === "run.started") {
    if (status !== "empty") throw new RangeError("a training starts once");
    return { ...training, status: "running", header: event };
  }
  if (status === "empty") throw new RangeError(`${event.type} before the start`);
  if (status !== "running" && event.type !== "notice") throw new RangeError(`${event.type} after the end`);
  switch (event.type) {
    case "run.finished":
      return { ...training, status: "finished" };
    case "run.stopped":
      return { ...training, status: "stopped" };
    case "run.failed":
      return { ...training, status: "failed", failure: { code: event.code, message: event.message } };
    case "notice":
      return { ...training, notices: [...training.notices, event] };
    case "step":
      if (event.step !== steps.length) throw new RangeError(`step ${event.step} comes, expected ${steps.length}`);
      return { ...training, steps: [...steps, stepOf(event, training.open)], open: new Map() };
    case "evaluation":
      return evaluated(training, event);
    case "rewound":
      return rewound(training, event);
    case "group.started":
      return { ...training, open: withStarted(training.open, event) };
    case "run.resumed":
      throw new RangeError("a training goes on without run.resumed");
    case "label":
    case "override":
    case "undo":
      return training;
    default: {
      const group = training.open.get(event.group);
      if (group === undefined) throw new RangeError(`event for group ${event.group}, which has not started`);
      return { ...training, open: new Map(training.open).set(event.group, applyToGroup(group, event)) };
    }
  }
}

/** A group that starts again belongs to a step that was given up and begins anew. */
function withStarted(open: Training["open"], event: EventOf<"group.started">): Training["open"] {
  return new Map(open.has(event.group) ? [] : open).set(event.group, startGroup(event));
}

/** One that is repeated takes the place of the earlier. */
function evaluated(training: Training, event: Evaluation): Training {
  const { aggregator = "single", step } = event;
  const lines = step === 0 ? { ...training.lines, [aggregator]: event } : training.lines;
  if (aggregator !== "single") return { ...training, lines };
  const others = training.scores.filter((score) => score.step !== step);
  return { ...training, lines, scores: [...others, event].toSorted((a, b) => a.step - b.step) };
}

function rewound(training: Training, { step: to, atMs }: EventOf<"rewound">): Training {
  const { steps, scores, rewinds } = training;
  if (to > steps.length) throw new RangeError(`back to step ${to} of ${steps.length}`);
  const gone = { steps: steps.slice(to), scores: scores.filter(({ step }) => step > to) };
  return {
    ...training,
    ...{ steps: steps.slice(0, to), scores: scores.filter(({ step }) => step <= to), open: new Map() },
    rewinds: [...rewinds, { to, from: steps.length, ...gone, atMs }],
  };
}
