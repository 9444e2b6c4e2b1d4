/**
 * @file What a person does with a run that has ended: appended to its log, and what follows from it decided again. Knows no worker.
 * The clock of a run stands still at its end: `atMs` goes on only while something is judged.
 */
import { openKey } from "../bench/open-key.ts";
import { decideAgain, openDecisions, referenceOf } from "../cat/again.ts";
import { ModelError, type Roles } from "../cat/models.ts";
import { proposeRubric } from "../cat/reward/rubric.ts";
import type { GroupEvent, LoggedEvent, RunEvent } from "../run/event.ts";
import { formatEvent, parseRun } from "../run/lines.ts";
import { apply, emptyRun, type GroupState, type Run } from "../run/run.ts";
import type { RunWriter } from "../store/opfs.ts";
import { createRunFile, readRunFile, writeRunFile } from "../store/runs.ts";
import { finishRun } from "./finish-run.ts";
import type { LoadedModel } from "./load-model.ts";
import { type Change, KIND_OF } from "./protocol.ts";

export interface ChangeRequest {
  /** Id of the run. */
  readonly run: string;
  /** The log as the page has it: used where the run is not kept. */
  readonly log: string;
  readonly change: Change;
}

export interface ChangeParts {
  /** Policy, anchor and judge are asked for by the changes that need them alone. @throws {ModelError} where they cannot be had. */
  readonly policy: () => Promise<Pick<LoadedModel, "model" | "domains">>;
  readonly anchor: () => Promise<Roles["anchor"]>;
  readonly judge: () => Promise<NonNullable<Roles["judge"]>>;
  readonly runner: NonNullable<Roles["runner"]>;
  readonly symbolic: NonNullable<Roles["symbolic"]> | null;
  /** Text of the file at an address of the page. */
  readonly fetchText: (address: string) => Promise<string>;
  /** What the models did otherwise than asked since the last call. */
  readonly notices: () => readonly RunEvent[];
  readonly now: () => number;
  readonly stop: AbortSignal;
  readonly post: (events: readonly LoggedEvent[]) => void;
}

/**
 * What was appended before a failure stays: each prefix of a log is true.
 * @returns whether the run's file has it too.
 * @throws {ModelError} `run-invalid`, `no-judge`, and what the models throw; RangeError for a change that does not fit the run.
 */
export async function changeRun({ run: id, log, change }: ChangeRequest, parts: ChangeParts): Promise<boolean> {
  const text = await readRunFile(id).catch(() => null);
  const { events, problem } = parseRun(text ?? log);
  if (events.length === 0) throw new ModelError("run-invalid", `Run ${id} cannot be read: ${String(problem)}.`);
  const began = parts.now();
  const lastMs = events.at(-1)!.atMs;
  let state: Run = events.reduce(apply, emptyRun);
  let seq = events.length;
  let file: RunWriter | null = null;

  /** What comes together is posted together. */
  async function add(...together: readonly RunEvent[]): Promise<void> {
    const logged: LoggedEvent[] = [];
    for (const event of [...parts.notices(), ...together]) {
      const atMs = Math.round((lastMs + (needsTime(event) ? parts.now() - began : 0)) * 10) / 10;
      const next: LoggedEvent = { ...event, seq, atMs };
      // What does not fit is refused before it is written.
      state = apply(state, next);
      seq += 1;
      logged.push(next);
    }
    if (logged.length === 0) return;
    if (text !== null) file ??= await openAtEnd(id, text, problem === null ? null : events);
    file?.append(logged.map(formatEvent).join(""));
    parts.post(logged);
  }

  try {
    if (change.of === "key") {
      // Another tab may have opened it: then the page has only to be told.
      const told = log.split("\n").filter((line) => line !== "").length;
      if (events.length > told) parts.post(events.slice(told));
      await add(...(await labels(state, change.base, parts)));
      return text !== null;
    }
    if (change.of === "finish") {
      for await (const event of finishRun(state, parts)) await add(event);
      return text !== null;
    }
    for (const event of personsEvents(change)) await add(event);
    for (const [group, before] of state.groups.entries()) {
      for await (const event of following(change, before, state, parts)) await add({ ...event, group });
    }
    return text !== null;
  } finally {
    // What is noticed last belongs to the log too, above all before a failure.
    try {
      await add();
    } finally {
      (file as RunWriter | null)?.close();
    }
  }
}

/** Of every group that has a key which is still sealed. @throws {ModelError} `run-invalid` where no group has one. */
async function labels(
  { header, groups }: Run,
  base: string,
  { fetchText, runner, stop }: ChangeParts,
): Promise<readonly RunEvent[]> {
  const domain = header?.domain ?? "";
  if (header === undefined || header.item === null || !Object.hasOwn(KIND_OF, domain)) {
    throw new ModelError("run-invalid", "This run asks no held-out problem, so there is no key to it.");
  }
  const read = (path: string) => fetchText(new URL(`models/${path}`, base).href);
  const events: RunEvent[] = [];
  for (const [group, state] of groups.entries()) {
    if (state.labels.length > 0) continue;
    const found = await openKey(state, { domain, seed: header.seed, read, runner, stop });
    events.push(...found.map((label) => ({ type: "label" as const, group, ...label })));
  }
  return events;
}

/** What the person did, as events. */
function personsEvents(change: Exclude<Change, { of: "key" | "finish" }>): readonly RunEvent[] {
  const at = new Date().toISOString();
  switch (change.of) {
    case "override":
      return [{ type: "override", target: change.target, value: change.value, note: change.note, at }];
    case "undo":
      return [{ type: "undo", target: change.target, at }];
    case "rubric": {
      const { group, criteria } = change;
      return [{ type: "rubric.finished", group, source: "visitor", criteria, attempts: 0, attempt: null }];
    }
    case "propose":
    case "again":
      return [];
  }
}

/** What checkers can decide again is decided at once; a judge is asked only where the visitor wants it. */
async function* following(
  change: Exclude<Change, { of: "key" | "finish" }>,
  group: GroupState,
  { header }: Run,
  { anchor, judge, runner, symbolic, now, stop }: ChangeParts,
): AsyncGenerator<GroupEvent> {
  const seed = header?.seed ?? 0;
  if (change.of === "propose") {
    const reference = referenceOf(group);
    if (reference === null) throw new ModelError("run-invalid", "This run has no reference to write criteria from.");
    const { maxTokens } = header!.sampling;
    const sampling = { temperature: 0, topK: null, topP: null };
    const options = { seed, group: 0, groupSize: group.rollouts.length, sampling, maxTokens, now };
    for await (const event of proposeRubric(reference, await anchor(), options, stop)) {
      // A rubric that breaks off must not stand in the log in place of the one before: it comes whole or not at all.
      if (event.type !== "rubric.delta") yield event;
    }
    return;
  }
  const { needsJudge, count } = openDecisions(group);
  if (count === 0 || (needsJudge && change.of !== "again")) return;
  yield* decideAgain(group, { judge: needsJudge ? await judge() : null, runner, symbolic }, seed, stop);
}

/** What a person does takes no time of the run's. */
function needsTime({ type }: RunEvent): boolean {
  return type !== "override" && type !== "undo" && type !== "label";
}

/** A file whose end is no line of a run is first cut back to what is. */
async function openAtEnd(id: string, text: string, valid: readonly LoggedEvent[] | null): Promise<RunWriter> {
  if (valid !== null || !text.endsWith("\n")) {
    await writeRunFile(id, valid === null ? `${text}\n` : valid.map(formatEvent).join(""));
  }
  return createRunFile(id);
}
