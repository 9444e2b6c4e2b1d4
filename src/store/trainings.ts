/** @file Trainings in the browser's own file system (OPFS), a folder each: the log, and its checkpoints by their step. Knows names and bytes. Worker only. */
import { guard, lineWriter, namesIn, openWriter, type RunWriter } from "./opfs.ts";

const LOG = "log.jsonl";
const SUFFIX = ".checkpoint";

/** Grows at its end. @throws {ModelError} `storage`, from every function here, with the browser's reason */
export function openTrainingLog(id: string): Promise<RunWriter> {
  const what = `keep training ${id}`;
  return guard(what, async () => lineWriter(await openWriter(what, await folderOf(id, true), LOG)));
}

/** In place of what was there. */
export async function writeTrainingLog(id: string, text: string): Promise<void> {
  await guard(`keep training ${id}`, async () => {
    const folder = await folderOf(id, true);
    await folder.removeEntry(LOG).catch(() => undefined); // there may be none
  });
  const file = await openTrainingLog(id);
  try {
    file.append(text);
  } finally {
    file.close();
  }
}

export function readTrainingLog(id: string): Promise<string> {
  return guard(`read training ${id}`, async () => (await fileOf(await folderOf(id), LOG)).text());
}

/** Ids, in no order. */
export function listTrainings(): Promise<string[]> {
  return guard("list the trainings", async () => namesIn(await root()));
}

/** Of the log and all checkpoints. */
export function trainingBytes(id: string): Promise<number> {
  return guard(`read training ${id}`, async () => {
    const folder = await folderOf(id);
    const files = await Promise.all((await namesIn(folder)).map((name) => fileOf(folder, name)));
    return files.reduce((sum, { size }) => sum + size, 0);
  });
}

export function removeTraining(id: string): Promise<void> {
  return guard(`delete training ${id}`, async () => (await root()).removeEntry(id, { recursive: true }));
}

/** Steps of all checkpoint files, whole or not, in order. */
export function listCheckpoints(id: string): Promise<number[]> {
  return guard(`read training ${id}`, async () => {
    const names = (await namesIn(await folderOf(id, true))).filter((name) => name.endsWith(SUFFIX));
    return names.map((name) => Number(name.slice(0, -SUFFIX.length))).sort((a, b) => a - b);
  });
}

export function readCheckpoint(id: string, step: number): Promise<Uint8Array<ArrayBuffer>> {
  return guard(`read checkpoint ${step} of training ${id}`, async () => {
    return new Uint8Array(await (await fileOf(await folderOf(id), nameOf(step))).arrayBuffer());
  });
}

/** A new file; after a failure there is none, and after a tab that was closed meanwhile one that is cut short: its reader tells. */
export function writeCheckpoint(id: string, step: number, bytes: Uint8Array): Promise<void> {
  const what = `keep checkpoint ${step} of training ${id}`;
  return guard(what, async () => {
    const folder = await folderOf(id, true);
    await folder.removeEntry(nameOf(step)).catch(() => undefined); // there may be none
    const file = await openWriter(what, folder, nameOf(step));
    try {
      try {
        file.append(bytes);
      } finally {
        file.close();
      }
    } catch (error) {
      await folder.removeEntry(nameOf(step)).catch(() => undefined); // the first failure is the one to tell
      throw error;
    }
  });
}

export function removeCheckpoint(id: string, step: number): Promise<void> {
  return guard(`delete checkpoint ${step} of training ${id}`, async () => {
    await (await folderOf(id)).removeEntry(nameOf(step));
  });
}

function nameOf(step: number): string {
  return `${step}${SUFFIX}`;
}

async function root(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle("trainings", { create: true });
}

async function folderOf(id: string, create = false): Promise<FileSystemDirectoryHandle> {
  return (await root()).getDirectoryHandle(id, { create });
}

async function fileOf(folder: FileSystemDirectoryHandle, name: string): Promise<File> {
  return (await folder.getFileHandle(name)).getFile();
}
