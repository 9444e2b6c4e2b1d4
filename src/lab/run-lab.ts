/** @file One run from request to last event: builds header and roles, drives the pipeline, keeps and posts the log. Chooses no device and loads nothing. */
import { version } from "../../package.json" with { type: "json" };
import { type CodeRunner, ModelError, type ModelRecord, type Roles } from "../cat/models.ts";
import { runCat } from "../cat/pipeline.ts";
import type { CatOptions } from "../cat/options.ts";
import { editProblem, editsFor, type PromptEdit, withEditedPrompts } from "../cat/prompt-edits.ts";
import type { Task } from "../cat/types.ts";
import type { GroupEvent, LoggedEvent, RunHeader } from "../run/event.ts";
import { formatEvent } from "../run/lines.ts";
import { inGroup, recordRun } from "../run/record.ts";
import { createBrowserChecker } from "../symbolic/browser-checker.ts";
import type { RunWriter } from "../store/opfs.ts";
import { createRunFile } from "../store/runs.ts";
import type { LoadedJudge } from "./load-judge.ts";
import { extrasOf } from "./extras.ts";
import type { LabModel, LoadedModel } from "./load-model.ts";
import { nextMacrotask } from "./next-macrotask.ts";
import { Notices, type NoticeSource } from "./notices.ts";
import type { RunRequest } from "./protocol.ts";
import { startWorker } from "./start-worker.ts";
import { leaveOutUntold } from "./untold.ts";

export interface RunListener {
  events(events: readonly LoggedEvent[]): void;
  /** Called at most once: the run goes on without being kept. */
  unsaved(error: unknown): void;
}

export interface RunModels {
  /** And anchor, unless it brings its own, or there is another. */
  readonly policy: LoadedModel;
  readonly anchor: (LabModel & NoticeSource) | null;
  /** `null` where the task needs none, where it could not be had, and where the visitor did not wait for it. */
  readonly judge: Pick<LoadedJudge, "model" | "onNotice"> | null;
  /** Why a judge that the task needs could not be had. The run fails with it. */
  readonly judgeFailure: Error | null;
}

/**
 * Ends when the log has ended. What happens in the run does not throw; it is the last event.
 * @throws RangeError for an event that no file can hold: a fault of ours, after which the log has no last event.
 */
export async function runLab(
  run: string,
  request: RunRequest,
  { policy, anchor: ownAnchor, judge: loadedJudge, judgeFailure, runner }: RunModels & { readonly runner: CodeRunner },
  stop: AbortSignal,
  listener: RunListener,
): Promise<void> {
  const now = () => performance.now();
  const { model, sampling, maxTokens } = policy;
  const anchor = ownAnchor ?? policy.anchor ?? model;
  const judge = loadedJudge?.model ?? null;
  const { seed, groupSize, kind, prompt, lengthPenalty = null, rubricFrom, rewardBy } = request;
  // What is left out of the header is as the method has it.
  const chosen = {
    ...(lengthPenalty === null ? {} : { lengthPenalty }),
    ...(rubricFrom === undefined ? {} : { rubricFrom }),
    ...(rewardBy === undefined ? {} : { rewardBy }),
  };
  const edits = editsFor(kind, request.prompts ?? [], { policy: model.promptSet, judge: judge?.promptSet ?? null });
  const header: RunHeader = {
    app: `CaT Lab ${version}`,
    startedAt: new Date().toISOString(),
    kind: "demo",
    seed,
    groupSize,
    domain: request.domain,
    item: request.item?.index ?? null,
    sampling: { ...sampling, maxTokens },
    models: { policy: model.record, anchor: anchor.record, judge: judge?.record ?? null },
    judgeIndependent: judge !== null && independent(judge.record, model.record),
    ...(edits.length === 0 ? {} : { editedPrompts: edits }),
    adapter: model.adapter,
    ...chosen,
  };
  const symbolic = createBrowserChecker(startWorker);
  const asked = withEditedPrompts(model, edits);
  const judging = judge === null ? null : withEditedPrompts(judge, edits);
  const reading = anchor === model ? asked : withEditedPrompts(anchor, edits);
  const roles: Roles = { policy: asked, anchor: reading, judge: judging, runner, symbolic };
  const more = extrasOf(policy.domains, anchor, judge);
  const options: CatOptions = { seed, group: 0, groupSize, sampling, maxTokens, now, ...more, ...chosen };
  const task: Task = { id: request.item?.id ?? null, prompt, kind };
  const told = leaveOutUntold(runCat(task, roles, options, stop), judge);
  const events = unlessHindered(told, judgeFailure ?? editFailure(edits), stop);
  const file = await openFile(run, listener);
  const notices = new Notices();
  notices.listenTo(policy);
  if (ownAnchor !== null) notices.listenTo(ownAnchor);
  if (loadedJudge !== null) notices.listenTo(loadedJudge);
  try {
    for await (const event of recordRun(header, notices.among(inGroup(0, events)), now, stop)) {
      file.append(formatEvent(event));
      listener.events([event]);
      await nextMacrotask();
    }
  } finally {
    notices.release();
    file.close();
    symbolic.dispose();
  }
}

/** The page sends none that cannot be used. */
function editFailure(edits: readonly PromptEdit[]): ModelError | null {
  const problem = edits.map(editProblem).find((sentence) => sentence !== null);
  return problem === undefined ? null : new ModelError("unexpected", `An edited prompt cannot be used. ${problem}`);
}

/** Other weights, under another name: whoever shares either with the policy judges itself. */
function independent(judge: ModelRecord, policy: ModelRecord): boolean {
  const weights = ({ files }: ModelRecord) => files.filter(({ path }) => path.includes(".onnx")).map((f) => f.sha256);
  const own = new Set(weights(policy));
  return judge.id !== policy.id && !weights(judge).some((hash) => own.has(hash));
}

/** The question is in the log before its run ends for what happened before it began. */
async function* unlessHindered(
  events: AsyncIterable<GroupEvent>,
  failure: Error | null,
  stop: AbortSignal,
): AsyncGenerator<GroupEvent> {
  for await (const event of events) {
    yield event;
    if (event.type !== "group.started") continue;
    stop.throwIfAborted();
    if (failure !== null) throw failure;
  }
}

/** A writer that gives up after its first failure, with the file closed: a full disk must not end a run. */
async function openFile(run: string, listener: RunListener): Promise<RunWriter> {
  let file: RunWriter | undefined;
  try {
    file = await createRunFile(run);
  } catch (error) {
    listener.unsaved(error);
  }
  const close = (): void => {
    const open = file;
    file = undefined;
    open?.close();
  };
  return {
    append(lines) {
      try {
        file?.append(lines);
      } catch (error) {
        listener.unsaved(error);
        try {
          close();
        } catch {
          // The first failure is the one to tell.
        }
      }
    },
    close() {
      try {
        close();
      } catch (error) {
        listener.unsaved(error);
      }
    },
  };
}
