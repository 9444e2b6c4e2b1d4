/** @file How far a training's log says it is: steps, scores, the end. A fold that is fed event by event; the screen has a fuller one (run/training.ts). */
import type { LoggedEvent, RunEvent, RunHeader } from "../run/event.ts";
import { readEvents } from "../run/lines.ts";

export interface TrainingProgress {
  readonly header: RunHeader | null;
  /** Made, and not gone back behind. */
  readonly steps: number;
  /** Of a single sample, by how many steps had been made. */
  readonly scores: ReadonlyMap<number, number>;
  readonly ended: boolean;
}

export const NO_PROGRESS: TrainingProgress = { header: null, steps: 0, scores: new Map(), ended: false };

export function progressAfter(progress: TrainingProgress, event: RunEvent): TrainingProgress {
  switch (event.type) {
    case "run.started":
      return { ...progress, header: event };
    case "step":
      return { ...progress, steps: event.step + 1 };
    case "evaluation":
      if (event.aggregator !== undefined) return progress;
      return { ...progress, scores: new Map(progress.scores).set(event.step, event.score.mean) };
    case "rewound": {
      const scores = new Map([...progress.scores].filter(([step]) => step <= event.step));
      return { ...progress, steps: Math.min(progress.steps, event.step), scores };
    }
    case "run.finished":
    case "run.stopped":
    case "run.failed":
      return { ...progress, ended: true };
    default:
      return progress;
  }
}

export interface ReadTraining {
  readonly progress: TrainingProgress;
  /** Of the lines that are valid. */
  readonly events: number;
  readonly lastMs: number;
  /** What was wrong with the first line that is not. */
  readonly problem: string | null;
}

export function readTraining(text: string): ReadTraining {
  let [progress, events, lastMs] = [NO_PROGRESS, 0, 0];
  const problem = readEvents(text, (event: LoggedEvent) => {
    progress = progressAfter(progress, event);
    events++;
    lastMs = event.atMs;
  });
  return { progress, events, lastMs, problem };
}
