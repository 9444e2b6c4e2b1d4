/**
 * @file What is noted of models beside their files, a text each, in the browser's own file system: those whose ids a visitor typed, and what came of
 * loading one. Worker only. Knows nothing of what the texts mean.
 */
import { guard, namesIn, writeText } from "./opfs.ts";

/** Every function here throws {ModelError} `storage`. */
export interface ModelTexts {
  /** Of all, in no order; what cannot be read is left out. */
  list(): Promise<string[]>;
  /** `null`: there is none. */
  read(model: string): Promise<string | null>;
  /** In place of what was there. */
  keep(model: string, text: string): Promise<void>;
  /** Nothing happens where it is not there. */
  forget(model: string): Promise<void>;
}

/** Hub models whose ids a visitor typed, by id: what was found of each. */
export const typedModels = textsIn(["models", "typed"]);
/** What came of loading a model, by "id@dtype". */
export const loadTexts = textsIn(["loads"]);

function textsIn(path: readonly string[]): ModelTexts {
  const open = async (): Promise<FileSystemDirectoryHandle> => {
    let folder = await navigator.storage.getDirectory();
    for (const name of path) folder = await folder.getDirectoryHandle(name, { create: true });
    return folder;
  };
  const textOf = async (folder: FileSystemDirectoryHandle, name: string): Promise<string> =>
    (await (await folder.getFileHandle(name)).getFile()).text();
  return {
    list: () =>
      guard("list the models", async () => {
        const folder = await open();
        const names = await namesIn(folder);
        const texts = await Promise.all(names.map((name) => textOf(folder, name).catch(() => null)));
        return texts.filter((text) => text !== null);
      }),
    read: (model) =>
      guard(`look for model ${model}`, async () => {
        const folder = await open();
        const name = encodeURIComponent(model);
        return (await namesIn(folder)).includes(name) ? textOf(folder, name) : null;
      }),
    keep: async (model, text) => {
      await writeText(`note model ${model}`, await open(), encodeURIComponent(model), text);
    },
    forget: (model) =>
      guard(`forget model ${model}`, async () => {
        const folder = await open();
        const name = encodeURIComponent(model);
        if ((await namesIn(folder)).includes(name)) await folder.removeEntry(name);
      }),
  };
}
