/** @file A training in Node: loads what takes part, begins or goes on, and keeps in a folder all that it needs to go on. Leaves out the command line (train.ts). */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HeldOut, type Lines, type Scored } from "../src/bench/held-out.ts";
import { readItems } from "../src/bench/item.ts";
import { nodeRuntime } from "../src/engine/node-runtime.ts";
import { createTrainee, type Trainee } from "../src/lab/trainee.ts";
import {
  evaluateStart,
  grpoSettings,
  type TrainingParts,
  type TrainingSettings,
  trainingSteps,
} from "../src/lab/training.ts";
import { parseManifest } from "../src/models/manifest.ts";
import { readModel } from "../src/models/read-node.ts";
import type { RunEvent } from "../src/run/event.ts";
import { createNodeRunner } from "../src/sandbox/node-runner.ts";
import { readTasks } from "../src/train/tasks-file.ts";
import { embeddedFor, firstItems, isJudged } from "./embedded-choice.ts";
import { itemFiles, loadEmbeddedJudge, MODELS } from "./embedded.ts";

export interface NodeTraining extends TrainingSettings {
  readonly domain: string;
  /** Held-out items of an evaluation. */
  readonly items: number;
}

/** What is kept beside the checkpoint. */
export interface Progress {
  readonly settings: NodeTraining;
  /** Made. */
  readonly steps: number;
  readonly lines: Lines;
  readonly limits: readonly number[] | null;
  /** Of a single sample, by the last evaluation. */
  readonly score: Scored;
}

export interface Kept {
  readonly folder: string;
  readonly progress: Progress;
}

/** A training that was kept in this folder. @throws Error if there is none */
export async function readKept(folder: string): Promise<Kept> {
  const text = await readFile(join(folder, PROGRESS), "utf8").catch((error: unknown) => {
    throw new Error(`${folder} holds no training: it has no ${PROGRESS}`, { cause: error });
  });
  return { folder, progress: JSON.parse(text) as Progress };
}

/**
 * Trains until `steps` have been made in all.
 * @param from settings of a new training, or one that goes on in its folder
 * @param folder where a new one is kept; `null` keeps nothing
 * @returns the lines of the start, and what a single sample scores now
 */
export async function trainInNode(
  from: NodeTraining | Kept,
  { steps, folder }: { readonly steps: number; readonly folder: string | null },
  onEvent: (event: RunEvent) => void,
): Promise<Progress> {
  const before = "progress" in from ? from.progress : null;
  const settings = "progress" in from ? from.progress.settings : from;
  const { parts, dispose } = await partsFor(settings, before);
  const { trainee, heldOut } = parts;
  const keep = async (progress: Progress): Promise<Progress> => {
    if (folder !== null) await write(folder, progress, trainee);
    return progress;
  };
  try {
    if ("progress" in from) await trainee.trainer.restore(await readCheckpoint(from.folder));
    const lines = before?.lines ?? (await started(parts, onEvent));
    const start = { settings, steps: 0, lines, limits: heldOut.limits, score: lines.single };
    let progress = before ?? (await keep(start));
    for await (const event of trainingSteps(parts, settings, { from: progress.steps, to: steps })) {
      onEvent(event);
      if (event.type !== "evaluation") continue;
      progress = await keep({ ...progress, steps: event.step, score: { ...event.score, items: event.items } });
    }
    return progress;
  } finally {
    await dispose();
  }
}

async function started(parts: TrainingParts, onEvent: (event: RunEvent) => void): Promise<Lines> {
  const events = evaluateStart(parts);
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return value;
    onEvent(value);
  }
}

async function partsFor(settings: NodeTraining, before: Progress | null) {
  const { domain, seed, rollouts } = settings;
  const manifest = parseManifest(JSON.parse(await readFile(join(MODELS, "manifest.json"), "utf8")));
  const entry = embeddedFor(manifest, domain);
  if (entry.trainable === undefined) throw new Error(`${entry.id} has no weights to train: see models/manifest.json`);
  const files = await readModel(join(MODELS, entry.path), { files: [...entry.files, entry.trainable] });
  const trainee = await createTrainee(await nodeRuntime(), files, entry, grpoSettings(settings));
  const judge = isJudged(domain) ? await loadEmbeddedJudge() : null;
  const runner = createNodeRunner();
  const { sampling, maxTokens } = trainee;
  const items = firstItems(readItems(await itemFiles(domain)), settings.items);
  const options = { groupSize: rollouts, seed, sampling, maxTokens, now: () => performance.now() };
  const heldOut = new HeldOut(items, runner, options, before?.limits);
  const tasks = readTasks(await readFile(join(MODELS, "items", domain, "train.jsonl"), "utf8"));
  const parts: TrainingParts = { trainee, judge, runner, tasks, heldOut };
  const dispose = async (): Promise<void> => {
    await runner.dispose();
    await judge?.dispose();
    await trainee.dispose();
  };
  return { parts, dispose };
}

const PROGRESS = "progress.json";
const WEIGHTS = "model.safetensors";
const OPTIMIZER = "optimizer.safetensors";

async function readCheckpoint(folder: string) {
  return { weights: await readFile(join(folder, WEIGHTS)), optimizer: await readFile(join(folder, OPTIMIZER)) };
}

/** Whole or not at all: what was there stays until all of the new is. */
async function write(folder: string, progress: Progress, { trainer }: Trainee): Promise<void> {
  const { weights, optimizer } = await trainer.checkpoint();
  await mkdir(folder, { recursive: true });
  const files = { [WEIGHTS]: weights, [OPTIMIZER]: optimizer, [PROGRESS]: JSON.stringify(progress) };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, `${name}.new`), content);
  for (const name of Object.keys(files)) await rename(join(folder, `${name}.new`), join(folder, name));
}
