/** @file The kept trainings: their list, what is read of one that is not in progress, and one that comes from elsewhere. Imports only what is valid. */
import { ModelError } from "../cat/models.ts";
import type { LoggedEvent } from "../run/event.ts";
import { formatEvent, readEvents } from "../run/lines.ts";
import { listTrainings, readTrainingLog, trainingBytes, writeTrainingLog } from "../store/trainings.ts";
import { Checkpoints } from "./checkpoints.ts";
import { importedId } from "./imported-id.ts";
import type { TrainingSummary } from "./protocol.ts";
import type { SavedPolicy } from "./save-training.ts";
import { choiceOf } from "./training-header.ts";
import { NO_PROGRESS, progressAfter, readTraining, type TrainingProgress } from "./training-progress.ts";

/** Newest first. One that cannot be read is left out. @param text of a log @throws {ModelError} `storage` */
export async function listKept(text: (id: string) => Promise<string> = readTrainingLog): Promise<TrainingSummary[]> {
  const ids = await listTrainings();
  const found = await Promise.all(ids.map((id) => summarize(id, text).catch(() => null)));
  return found.filter((one) => one !== null).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Of the last checkpoint. @throws {ModelError} `storage`; `unexpected` without one */
export async function keptWeights(id: string): Promise<Uint8Array> {
  const checkpoints = await Checkpoints.open(id);
  const last = checkpoints.steps.at(-1);
  if (last !== undefined) return (await checkpoints.read(last)).weights;
  throw new ModelError("unexpected", `Training ${id} has no checkpoint. Continue it, and let it run for a while.`);
}

/** Keeps a policy from elsewhere as a training that has ended; one that is kept already stays one. @throws {ModelError} `storage` */
export async function keepSaved({ log, weights }: SavedPolicy): Promise<TrainingSummary> {
  const { progress, events, lastMs } = readTraining(log);
  const { startedAt } = progress.header!;
  const id = await importedId(startedAt, new Uint8Array(weights));
  if (!(await listTrainings()).includes(id)) {
    const end = formatEvent({ type: "run.finished", seq: events, atMs: lastMs });
    await writeTrainingLog(id, progress.ended ? log : `${log.trimEnd()}\n${end}`);
    const { steps, scores } = progress;
    await (await Checkpoints.open(id)).add({ step: steps, weights, optimizer: null, limits: null }, scores);
  }
  return summaryOf(id, { ...progress, ended: true }, await trainingBytes(id));
}

async function summarize(id: string, text: (id: string) => Promise<string>): Promise<TrainingSummary> {
  return summaryOf(id, quickly(await text(id)), await trainingBytes(id));
}

function summaryOf(id: string, { header, steps, scores, ended }: TrainingProgress, bytes: number): TrainingSummary {
  if (header === null) throw new ModelError("run-invalid", `Training ${id} has no start.`);
  const { domain, seed } = choiceOf(header);
  const last = [...scores.keys()].sort((a, b) => a - b).at(-1);
  const score = (step: number | undefined): number | null => (step === undefined ? null : (scores.get(step) ?? null));
  return { id, startedAt: header.startedAt, domain, seed, steps, first: score(0), last: score(last), ended, bytes };
}

/** Most lines of a log are about rollouts, and say nothing of how far it is: they are not parsed. */
function quickly(text: string): TrainingProgress {
  const telling = /"type":"(?:step|evaluation|rewound|run\.finished)"/;
  const lines = text.split("\n");
  let progress = NO_PROGRESS;
  readEvents(lines[0] ?? "", (event) => (progress = progressAfter(progress, event)));
  for (const line of lines) {
    // Within a text these quotes would be escaped.
    if (telling.test(line)) progress = progressAfter(progress, JSON.parse(line) as LoggedEvent);
  }
  return progress;
}
