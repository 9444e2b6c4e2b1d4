/** @file The folder of a training: how far it is, the policy's weights in the hub's layout, and the optimizer's state. Whole or not at all. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Kept, Progress } from "./train-from.ts";

const PROGRESS = "progress.json";
const WEIGHTS = "model.safetensors";
const OPTIMIZER = "optimizer.safetensors";

/** @throws Error if no training was kept there */
export async function readKept(folder: string): Promise<Kept> {
  const text = await readFile(join(folder, PROGRESS), "utf8").catch((error: unknown) => {
    throw new Error(`${folder} holds no training: it has no ${PROGRESS}`, { cause: error });
  });
  const [weights, optimizer] = [await readFile(join(folder, WEIGHTS)), await readFile(join(folder, OPTIMIZER))];
  return { progress: JSON.parse(text) as Progress, checkpoint: { weights, optimizer } };
}

/** What was there stays until all of the new is. */
export async function writeKept(folder: string, { progress, checkpoint }: Kept): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { weights, optimizer } = checkpoint;
  const files = { [WEIGHTS]: weights, [OPTIMIZER]: optimizer, [PROGRESS]: JSON.stringify(progress) };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, `${name}.new`), content);
  for (const name of Object.keys(files)) await rename(join(folder, `${name}.new`), join(folder, name));
}
