/** @file Hub models whose ids a visitor typed: what was found of each, as text, in the browser's own file system. Worker only. Knows nothing of what it means. */
import { guard, namesIn, writeText } from "./opfs.ts";

/** Of all of them, in no order; what cannot be read is left out. @throws {ModelError} `storage` */
export async function listTypedModels(): Promise<string[]> {
  return guard("list the models", async () => {
    const folder = await typedFolder();
    const read = async (name: string) => (await (await folder.getFileHandle(name)).getFile()).text();
    const texts = await Promise.all((await namesIn(folder)).map((name) => read(name).catch(() => null)));
    return texts.filter((text) => text !== null);
  });
}

/** @throws {ModelError} `storage` */
export async function keepTypedModel(id: string, text: string): Promise<void> {
  await writeText(`note model ${id}`, await typedFolder(), encodeURIComponent(id), text);
}

/** Nothing happens where it is not there. @throws {ModelError} `storage` */
export async function forgetTypedModel(id: string): Promise<void> {
  await guard(`forget model ${id}`, async () => {
    const folder = await typedFolder();
    const name = encodeURIComponent(id);
    if ((await namesIn(folder)).includes(name)) await folder.removeEntry(name);
  });
}

async function typedFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return (await root.getDirectoryHandle("models", { create: true })).getDirectoryHandle("typed", { create: true });
}
