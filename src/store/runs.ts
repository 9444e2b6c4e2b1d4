/** @file Run files in the browser's own file system (OPFS), one folder, one file a run. Knows names and text, not events. Worker only. */
import { guard, lineWriter, openWriter, type RunWriter } from "./opfs.ts";

const SUFFIX = ".jsonl";

/** @throws {ModelError} `storage`, from every function here and of the writer, with the browser's reason. */
export async function createRunFile(id: string): Promise<RunWriter> {
  const what = `keep run ${id}`;
  return guard(what, async () => lineWriter(await openWriter(what, await folder(), id + SUFFIX)));
}

/** Keeps a whole file, in place of any of that id; after a failure there is none. */
export async function writeRunFile(id: string, text: string): Promise<void> {
  if ((await listRunFiles()).includes(id)) await removeRunFile(id);
  const file = await createRunFile(id);
  try {
    try {
      file.append(text);
    } finally {
      file.close();
    }
  } catch (error) {
    await removeRunFile(id).catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
}

/** Ids of all kept runs, in no order. */
export async function listRunFiles(): Promise<string[]> {
  return guard("list the runs", async () => {
    const ids: string[] = [];
    for await (const name of (await folder()).keys()) {
      if (name.endsWith(SUFFIX)) ids.push(name.slice(0, -SUFFIX.length));
    }
    return ids;
  });
}

export async function readRunFile(id: string): Promise<string> {
  return guard(`read run ${id}`, async () => {
    const file = await (await folder()).getFileHandle(id + SUFFIX);
    return (await file.getFile()).text();
  });
}

export async function removeRunFile(id: string): Promise<void> {
  return guard(`delete run ${id}`, async () => (await folder()).removeEntry(id + SUFFIX));
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle("runs", { create: true });
}
