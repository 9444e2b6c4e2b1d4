/** @file A training from where it stands to as many steps as are wanted, on whatever runs it: in Node (train-node.ts) or on a page (bench-page/train-here.ts). */
import type { Lines, Scored } from "../src/bench/held-out.ts";
import { result } from "../src/bench/result.ts";
import { namingCheckpoint } from "../src/lab/checkpoint-hash.ts";
import type { TrainingSettings } from "../src/lab/protocol.ts";
import { evaluateStart, type TrainingParts, trainingSteps } from "../src/lab/training.ts";
import type { RunEvent } from "../src/run/event.ts";
import type { Checkpoint } from "../src/train/trainer.ts";

export interface TrainSettings extends TrainingSettings {
  readonly domain: string;
  /** Held-out items of an evaluation. */
  readonly items: number;
  /** Where a rollout of a step is cut; `null`, and left out by trainings from before: where the model's own settings say. Evaluations are not cut by it. */
  readonly maxTokens?: number | null;
}

/** How far a training is. Plain data, kept beside its checkpoint. */
export interface Progress {
  readonly settings: TrainSettings;
  /** Made. */
  readonly steps: number;
  readonly lines: Lines;
  /** See `HeldOut.limits`. */
  readonly limits: readonly number[] | null;
  /** Of a single sample, the start's first; never empty. */
  readonly scores: readonly { readonly step: number; readonly score: Scored }[];
}

export interface Kept {
  readonly progress: Progress;
  readonly checkpoint: Checkpoint;
}

export interface Watcher {
  readonly onEvent: (event: RunEvent) => void;
  /** Called after each evaluation; the training waits for it. */
  readonly keep: (kept: Kept) => Promise<void>;
}

/**
 * @param parts made for these settings and, where it goes on, with the limits that were kept
 * @param from the settings of a new training, or what was kept of one
 * @param steps to be made in all
 */
export async function trainFrom(
  parts: TrainingParts,
  from: TrainSettings | Kept,
  steps: number,
  { onEvent, keep }: Watcher,
): Promise<Progress> {
  const { trainer } = parts.trainee;
  const { evaluateEvery, maxTokens = null } = settingsOf(from);
  const stepParts = maxTokens === null ? parts : { ...parts, trainee: { ...parts.trainee, maxTokens } };
  const kept = async (progress: Progress): Promise<Progress> => {
    await keep({ progress, checkpoint: await trainer.checkpoint() });
    return progress;
  };
  let progress: Progress;
  if ("progress" in from) {
    await trainer.restore(from.checkpoint);
    ({ progress } = from);
  } else {
    const lines = await result(evaluateStart(parts), onEvent);
    progress = await kept({
      settings: from,
      steps: 0,
      lines,
      limits: parts.heldOut.limits,
      scores: [{ step: 0, score: lines.single }],
    });
  }
  const isKept = (made: number): boolean => made % evaluateEvery === 0 || made === steps;
  for await (const event of trainingSteps(stepParts, progress.settings, { from: progress.steps, to: steps })) {
    onEvent(event.type === "step" && isKept(event.step + 1) ? await namingCheckpoint(event, trainer) : event);
    if (event.type !== "evaluation") continue;
    const score = { ...event.score, items: event.items };
    const scores = [...progress.scores, { step: event.step, score }];
    progress = await kept({ ...progress, steps: event.step, scores });
  }
  return progress;
}

export function settingsOf(from: TrainSettings | Kept): TrainSettings {
  return "progress" in from ? from.progress.settings : from;
}

export function limitsOf(from: TrainSettings | Kept): Progress["limits"] {
  return "progress" in from ? from.progress.limits : null;
}
