/**
 * @file What a run looks like after its first n events: a pure fold, shared by the live view, replay and tables.
 * Holds what was logged beside what a person corrected; effective.ts says what counts. Does not read files (lines.ts).
 */
import type { Aggregator, Criterion, Reward, Task } from "../cat/types.ts";
import { type Correction, correct, standingEdit, undo } from "./correction.ts";
import { ownValue } from "./decided.ts";
import type { GroupEvent, LoggedEvent, RunHeader } from "./event.ts";
import { addRubric, type FinishedRubric } from "./rubrics.ts";

/** A value that has not come yet is `undefined`; `null` is a value (it could not be decided). */
export interface RolloutState {
  /** Of its rollout.finished: what an override of the rollout names. */
  readonly seq: number | undefined;
  readonly text: string;
  readonly tokens: number;
  /** Sum over the tokens so far, nats; `null` where a served model does not tell. */
  readonly logprob: number | null;
  readonly ended: "stop" | "length" | undefined;
  readonly ms: number | undefined;
  readonly tokenIds: readonly number[];
  readonly logprobs: readonly number[];
  readonly entropies: readonly number[];
  readonly margins: readonly (number | null)[];
  /** Empty before the end, and in files from before it was kept. */
  readonly textLengths: readonly number[];
  readonly equivalence: EventOf<"equivalence"> | undefined;
  readonly tests: EventOf<"tests"> | undefined;
  /** By criterion id. */
  readonly verdicts: readonly (EventOf<"verdict"> | undefined)[];
  /** Every verdict there ever was, with the words that it is about: those of a rubric that was changed are not lost. */
  readonly judged: readonly { readonly verdict: EventOf<"verdict">; readonly about: string | undefined }[];
  /** Comparisons with a reference that a person edited, by the `seq` of the edit; the two above are with the anchor's own. */
  readonly recompared: Readonly<Record<number, Comparison>>;
  readonly reward: Reward | undefined;
  /** What the decisions gave when the reward came: the reward differs from it by a penalty. */
  readonly rewardedFrom: Reward | undefined;
  readonly advantage: number | null | undefined;
}

export type Comparison = EventOf<"equivalence"> | EventOf<"tests">;

export interface ReferenceState {
  readonly text: string;
  readonly finished: EventOf<"reference.finished"> | undefined;
}

export interface RubricState {
  /** From 1; of a finished one, whose criteria these are. */
  readonly attempt: number;
  /** What the attempt has written so far: criteria are read out of it by `readRubric`. */
  readonly text: string;
  readonly finished: EventOf<"rubric.finished"> | undefined;
}

export type PromptSent = EventOf<"prompt.sent">;

export interface GroupState {
  readonly task: Task;
  readonly rollouts: readonly RolloutState[];
  readonly references: Readonly<Partial<Record<Aggregator, ReferenceState>>>;
  /** `undefined` until the anchor begins to write it. */
  readonly rubric: RubricState | undefined;
  /** Every finished one, in order, undone or not; the last that stands counts. */
  readonly rubrics: readonly FinishedRubric[];
  /** Of the finished rubric; empty before. */
  readonly criteria: readonly Criterion[];
  readonly prompts: readonly PromptSent[];
  /** What the judge found about the steps of the synthesis, as the anchor wrote it; undefined where it was not asked (yet). */
  readonly sources: EventOf<"sources"> | undefined;
  readonly labels: readonly EventOf<"label">[];
  /** What a person corrected, in order, undone or not. */
  readonly corrections: readonly Correction[];
  readonly finished: EventOf<"group.finished"> | undefined;
}

export interface Run {
  readonly status: "empty" | "running" | "finished" | "stopped" | "failed";
  readonly header: RunHeader | undefined;
  readonly groups: readonly GroupState[];
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** What was done otherwise than asked, in order. */
  readonly notices: readonly Noticed[];
  /** Time of the last event, from the start. */
  readonly atMs: number;
}

type EventOf<T extends LoggedEvent["type"]> = Extract<LoggedEvent, { type: T }>;

export type Noticed = EventOf<"notice">;

export const emptyRun: Run = {
  status: "empty",
  header: undefined,
  groups: [],
  failure: undefined,
  notices: [],
  atMs: 0,
};

const emptyRollout: RolloutState = {
  seq: undefined,
  text: "",
  tokens: 0,
  logprob: 0,
  ended: undefined,
  ms: undefined,
  tokenIds: [],
  logprobs: [],
  entropies: [],
  margins: [],
  textLengths: [],
  equivalence: undefined,
  tests: undefined,
  verdicts: [],
  judged: [],
  recompared: {},
  reward: undefined,
  rewardedFrom: undefined,
  advantage: undefined,
};

/** After its end a run takes what a person does with it, and what is judged again because of that. */
const AFTER_THE_END: readonly LoggedEvent["type"][] = [
  "label",
  "override",
  "undo",
  "prompt.sent",
  "rubric.delta",
  "rubric.finished",
  "verdict",
  "equivalence",
  "tests",
  "notice",
  "run.resumed",
];

/**
 * The run after one more event. Unchanged parts are shared with `run`.
 * @throws RangeError for an event that cannot stand here: of a group or rollout that has not started, a second start, after the end;
 * for an override of what cannot be overridden so, and an undo of what is no standing override.
 */
export function apply(run: Run, event: LoggedEvent): Run {
  return { ...after(run, event), atMs: event.atMs };
}

function after(run: Run, event: LoggedEvent): Run {
  const over = run.status !== "empty" && run.status !== "running";
  if (over && !AFTER_THE_END.includes(event.type)) throw new RangeError(`${event.type} after the end`);
  switch (event.type) {
    case "run.started":
      if (run.status !== "empty") throw new RangeError("a run starts once");
      return { ...emptyRun, status: "running", header: event };
    case "run.finished":
      return { ...run, status: "finished" };
    case "run.resumed":
      if (run.status === "empty" || run.status === "finished") throw new RangeError("there is nothing to go on with");
      return { ...run, status: "running", failure: undefined };
    case "run.stopped":
      return { ...run, status: "stopped" };
    case "run.failed":
      return { ...run, status: "failed", failure: { code: event.code, message: event.message } };
    case "notice":
      return { ...run, notices: [...run.notices, event] };
    case "override":
      return { ...run, groups: correct(run.groups, event) };
    case "undo":
      return { ...run, groups: undo(run.groups, event) };
    case "step":
    case "evaluation":
    case "rewound":
      return run; // see training.ts
    case "label":
      return withGroup(run, event.group, (group) => ({ ...group, labels: [...group.labels, event] }));
    case "group.started":
      if (event.group !== run.groups.length) {
        throw new RangeError(`group ${event.group} starts, expected ${run.groups.length}`);
      }
      return { ...run, groups: replaced(run.groups, event.group, startGroup(event)) };
    default:
      return withGroup(run, event.group, (group) => applyToGroup(group, event));
  }
}

export function startGroup({ task, size }: EventOf<"group.started">): GroupState {
  return {
    task,
    rollouts: Array.from({ length: size }, () => emptyRollout),
    references: {},
    rubric: undefined,
    rubrics: [],
    criteria: [],
    prompts: [],
    sources: undefined,
    labels: [],
    corrections: [],
    finished: undefined,
  };
}

/** @throws RangeError for an event of a rollout that the group does not have. */
export function applyToGroup(
  group: GroupState,
  event: Extract<LoggedEvent, { type: Exclude<GroupEvent["type"], "group.started"> }>,
): GroupState {
  switch (event.type) {
    case "prompt.sent":
      return { ...group, prompts: [...group.prompts, event] };
    case "rollout.delta":
      return withRollout(group, event.rollout, (r) => ({
        ...r,
        text: r.text + event.text,
        tokens: r.tokens + event.tokens,
        logprob: r.logprob === null || event.logprob === null ? null : r.logprob + event.logprob,
      }));
    case "rollout.finished":
      return withRollout(group, event.rollout, (r) => ({
        ...r,
        seq: event.seq,
        text: event.text,
        tokens: event.tokens ?? event.tokenIds.length,
        logprob: event.tokens === undefined ? event.logprobs.reduce((a, b) => a + b, 0) : null,
        ended: event.ended,
        ms: event.ms,
        tokenIds: event.tokenIds,
        logprobs: event.logprobs,
        entropies: event.entropies,
        margins: event.margins,
        textLengths: event.textLengths ?? [],
      }));
    case "reference.delta": {
      const before = group.references[event.aggregator]?.text ?? "";
      return withReference(group, event.aggregator, { text: before + event.text, finished: undefined });
    }
    case "reference.finished":
      return withReference(group, event.aggregator, { text: event.text, finished: event });
    case "rubric.delta": {
      const { rubric } = group;
      // A finished one is written anew.
      const before = rubric?.attempt === event.attempt && rubric.finished === undefined ? rubric.text : "";
      return {
        ...group,
        rubric: { attempt: event.attempt, text: before + event.text, finished: undefined },
      };
    }
    case "rubric.finished":
      return addRubric(group, event);
    case "verdict": {
      const about = group.criteria.find(({ id }) => id === event.criterion)?.text;
      return withRollout(group, event.rollout, (r) => ({
        ...r,
        verdicts: replaced(r.verdicts, event.criterion, event),
        judged: [...r.judged, { verdict: event, about }],
      }));
    }
    case "equivalence":
    case "tests": {
      const edit = standingEdit(group);
      return withRollout(group, event.rollout, (r) => {
        if (edit !== null) return { ...r, recompared: { ...r.recompared, [edit.seq]: event } };
        return event.type === "tests" ? { ...r, tests: event } : { ...r, equivalence: event };
      });
    }
    case "sources": {
      const strange = event.found.find(({ rollout }) => group.rollouts[rollout] === undefined);
      if (strange !== undefined)
        throw new RangeError(`sources in rollout ${strange.rollout} of ${group.rollouts.length}`);
      return { ...group, sources: event };
    }
    case "reward":
      return withRollout(group, event.rollout, (r) => ({
        ...r,
        reward: event.value,
        rewardedFrom: ownValue(r, group.criteria),
      }));
    case "group.finished":
      return {
        ...group,
        finished: event,
        rollouts: group.rollouts.map((r, i) => ({ ...r, advantage: event.advantages[i] })),
      };
    default:
      event satisfies never;
      return group;
  }
}

function withGroup(run: Run, index: number, update: (g: GroupState) => GroupState): Run {
  const group = run.groups[index];
  if (group === undefined) throw new RangeError(`event for group ${index}, which has not started`);
  return { ...run, groups: replaced(run.groups, index, update(group)) };
}

function withRollout(group: GroupState, index: number, update: (r: RolloutState) => RolloutState): GroupState {
  const rollout = group.rollouts[index];
  if (rollout === undefined) throw new RangeError(`event for rollout ${index} of ${group.rollouts.length}`);
  return { ...group, rollouts: replaced(group.rollouts, index, update(rollout)) };
}

function withReference(group: GroupState, aggregator: Aggregator, reference: ReferenceState): GroupState {
  return { ...group, references: { ...group.references, [aggregator]: reference } };
}

function replaced<T>(list: readonly T[], index: number, value: T): readonly T[] {
  const copy = list.slice();
  copy[index] = value;
  return copy;
}
