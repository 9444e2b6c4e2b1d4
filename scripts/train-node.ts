/** @file A training in this process, with ONNX Runtime's native library. */
import { trainablePolicy } from "../src/models/manifest.ts";
import { join } from "node:path";
import { readItems } from "../src/bench/item.ts";
import { nodeRuntime } from "../src/engine/node-runtime.ts";
import { createTrainee } from "../src/lab/trainee.ts";
import { grpoSettings, heldOutOf } from "../src/lab/training.ts";
import { readModel } from "../src/models/read-node.ts";
import { createNodeRunner } from "../src/sandbox/node-runner.ts";
import { readTasks } from "../src/train/tasks-file.ts";
import { firstItems, isJudged } from "./embedded-choice.ts";
import { itemFiles, loadEmbeddedJudge, manifest, MODELS, trainingPrompts } from "./embedded.ts";
import {
  type Kept,
  limitsOf,
  type Progress,
  settingsOf,
  trainFrom,
  type TrainSettings,
  type Watcher,
} from "./train-from.ts";

/** @param steps to be made in all @throws {ModelError}; RangeError if there are fewer items than asked for */
export async function trainInNode(from: TrainSettings | Kept, steps: number, watcher: Watcher): Promise<Progress> {
  const settings = settingsOf(from);
  const { domain } = settings;
  const entry = trainablePolicy(await manifest(), domain);
  const files = await readModel(join(MODELS, entry.path), entry);
  const trainee = await createTrainee(await nodeRuntime(), files, entry, grpoSettings(settings));
  const judge = isJudged(domain) ? await loadEmbeddedJudge() : null;
  const runner = createNodeRunner();
  try {
    const items = firstItems(readItems(await itemFiles(domain)), settings.items);
    const heldOut = heldOutOf(items, { trainee, runner }, settings, { limits: limitsOf(from) });
    const tasks = readTasks(await trainingPrompts(domain));
    return await trainFrom({ trainee, judge, runner, tasks, heldOut }, from, steps, watcher);
  } finally {
    await runner.dispose();
    await judge?.dispose();
    await trainee.dispose();
  }
}
