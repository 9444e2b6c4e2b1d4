/** @file Where a training stands, in words: a title, what is to be said beside it, how far it is. Reads the state; changes nothing. */
import { bytes, duration, percent } from "../numbers.ts";
import type { OpenTraining } from "./open-training.svelte.ts";

export interface Standing {
  readonly title: string;
  /** Empty when there is nothing to add. */
  readonly detail: string;
  /** 0..1; `null`: something is under way, and nobody knows how far; undefined: nothing is. */
  readonly part: number | null | undefined;
}

export function standingOf(training: OpenTraining): Standing {
  const { phase, asked, steps, log } = training;
  if (asked === "pause") return { title: "Pausing …", detail: "The step that is under way is given up.", part: null };
  switch (phase) {
    case "loading":
      return loading(training);
    case "evaluating":
      return evaluating(training);
    case "running":
      return running(training);
    case "paused":
      if (log.scores.length === 0)
        return { title: "Paused before the start was measured", detail: "Continue begins with that.", part: undefined };
      return { title: `Paused after ${stepCount(steps)}`, detail: lastWord(training), part: undefined };
    case "ended":
      return { title: `Ended after ${stepCount(steps)}`, detail: lastWord(training), part: undefined };
    case "failed": {
      const title = steps === 0 ? "It could not go on" : `It stopped after ${stepCount(steps)}`;
      return { title, detail: lastWord(training), part: undefined };
    }
  }
}

/** Why it was paused, if that was not the visitor; or else how far it has come. */
function lastWord({ log }: OpenTraining): string {
  const notice = log.notices.at(-1);
  if (notice?.code === "paused-for-run" && notice.atMs === log.atMs) return notice.message;
  const [first, last, teacher] = [log.scores[0], log.scores.at(-1), log.lines.synthesis];
  if (first === undefined || last === undefined) return "";
  const now = last === first ? "" : `, ${percent(last.score.mean)} after ${stepCount(last.step)}`;
  const held = teacher === undefined ? "" : `; the teacher ${percent(teacher.score.mean)}`;
  return `A single sample: ${percent(first.score.mean)} at the start${now}${held}.`;
}

function loading({ state, asked, steps }: OpenTraining): Standing {
  const { loadedBytes = 0, totalBytes = 0 } = state ?? {};
  if (asked === "back") return { title: "Going back …", detail: "", part: null };
  if (totalBytes > 0 && loadedBytes < totalBytes) {
    const detail = `${bytes(loadedBytes)} of ${bytes(totalBytes)}`;
    return { title: "Fetching the policy", detail, part: loadedBytes / totalBytes };
  }
  const detail = steps === 0 ? "The policy, its frozen copy and the trainer." : "The policy as at its last checkpoint.";
  return { title: "Getting ready …", detail, part: null };
}

function evaluating({ state, steps, asked, msToEvaluate }: OpenTraining): Standing {
  const { evaluated = 0, toEvaluate = 0 } = state ?? {};
  const what = asked === "end" ? "Measuring for the last time" : `Measuring after ${stepCount(steps)}`;
  const title = steps === 0 ? "Measuring the start" : what;
  if (toEvaluate === 0) return { title, detail: "", part: null };
  const left = msToEvaluate === null ? "" : `, about ${roughly(msToEvaluate)} left`;
  return { title, detail: `${evaluated}/${toEvaluate} held-out items${left}`, part: evaluated / toEvaluate };
}

function running({ steps, tasksDone, choice, msPerStep, msToEvaluation }: OpenTraining): Standing {
  const tasks = choice?.tasks ?? 1;
  const pace = msPerStep === null ? "" : `, ${duration(msPerStep)} a step`;
  const next = msToEvaluation === null ? "" : `, measured again in about ${roughly(msToEvaluation)}`;
  // Rewards first; what is left of the step is learning from them.
  const now = tasksDone < tasks ? `Next step: ${tasksDone}/${tasks} tasks` : "Next step: learning";
  return { title: `${stepCount(steps)} made`, detail: `${now}${pace}${next}`, part: tasksDone / (tasks + 1) };
}

/** "1 step", "12 steps". */
export function stepCount(n: number): string {
  return n === 1 ? "1 step" : `${n} steps`;
}

/** An estimate says no more than it knows: "20 s", "3 min". */
function roughly(ms: number): string {
  if (ms < 55_000) return `${Math.max(5, 5 * Math.round(ms / 5000))} s`;
  if (ms < 3_570_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** Of right answers, or of points covered; "–" before it was measured. */
export function shareText(score: number | null): string {
  return score === null ? "–" : percent(score);
}
