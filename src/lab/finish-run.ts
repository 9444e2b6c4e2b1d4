/** @file A run that ended before its time, taken to its end under its own header: which models it needs, and what of it is missing (resume-run.ts). Writes no file. */
import { withEditedPrompts } from "../cat/prompt-edits.ts";
import { ModelError, type Roles } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import type { RunEvent } from "../run/event.ts";
import { inGroup, toTheEnd } from "../run/record.ts";
import type { Run } from "../run/run.ts";
import type { ChangeParts } from "./change-run.ts";
import { extrasOf } from "./extras.ts";
import { checkSameModel, resumeGroup } from "./resume-run.ts";
import { leaveOutUntold } from "./untold.ts";

type Parts = Pick<ChangeParts, "policy" | "anchor" | "judge" | "runner" | "symbolic" | "now" | "stop">;

/**
 * What is appended: that it goes on, what was missing, and its end, which may be another failure.
 * @throws {ModelError} `run-invalid`, `model-unsupported`, and as the models' loads, before anything is appended
 */
export async function* finishRun({ header, groups, status }: Run, parts: Parts): AsyncGenerator<RunEvent> {
  const [group] = groups;
  if (header?.kind !== "demo" || group === undefined || status === "finished") {
    throw new ModelError("run-invalid", "There is nothing left to do in this run. Ask the question anew.");
  }
  const { model, domains } = await parts.policy();
  const ownAnchor = await parts.anchor();
  const ownJudge = group.task.kind === "open" ? await parts.judge() : null;
  checkSameModel("policy", header.models.policy, model.record);
  checkSameModel("anchor", header.models.anchor, ownAnchor.record);
  if (ownJudge !== null) {
    // A run that failed because its judge could not be had names none.
    if (header.models.judge === null) {
      throw new ModelError("run-invalid", "This run began without a judge. Ask the question anew.");
    }
    checkSameModel("judge", header.models.judge, ownJudge.record);
  }
  const { seed, groupSize, lengthPenalty = null, rubricFrom, rewardBy, editedPrompts = [] } = header;
  const { maxTokens, ...sampling } = header.sampling;
  const { now, stop, runner, symbolic } = parts;
  const roles: Roles = {
    policy: withEditedPrompts(model, editedPrompts),
    anchor: withEditedPrompts(ownAnchor, editedPrompts),
    judge: ownJudge === null ? null : withEditedPrompts(ownJudge, editedPrompts),
    runner,
    symbolic,
  };
  const options: CatOptions = {
    ...{ seed, group: 0, groupSize, sampling, maxTokens, now },
    ...extrasOf(domains, ownAnchor, ownJudge),
    ...(lengthPenalty === null ? {} : { lengthPenalty }),
    ...(rubricFrom === undefined ? {} : { rubricFrom }),
    ...(rewardBy === undefined ? {} : { rewardBy }),
  };
  yield { type: "run.resumed", at: new Date().toISOString() };
  const missing = leaveOutUntold(resumeGroup(group, roles, options, stop), ownJudge);
  yield* toTheEnd(inGroup(0, missing), now, stop);
}
