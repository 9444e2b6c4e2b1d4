/** @file The files that a visitor chose or dropped, each with its path below what was chosen. Reads none of them. */
import type { FileAtHand } from "../../lab/protocol.ts";

/** Of an input of files or of a folder. */
export function chosenFiles(files: Iterable<File>): FileAtHand[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** What was dropped, folders to their ends. The entries must be taken before the event is over, so nothing is awaited before. */
export async function droppedFiles({ items }: Pick<DataTransfer, "items">): Promise<FileAtHand[]> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map((entry) => filesBelow(entry)))).flat();
}

/** Asks for a folder and opens it; `null`: this browser has no such dialog. Empty when the visitor closed it. */
export async function pickedFolder(): Promise<FileAtHand[] | null> {
  const { showDirectoryPicker } = globalThis as { showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle> };
  if (showDirectoryPicker === undefined) return null;
  const folder = await showDirectoryPicker().catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  });
  return folder === null ? [] : handlesBelow(folder, `${folder.name}/`);
}

async function handlesBelow(folder: FileSystemDirectoryHandle, path: string): Promise<FileAtHand[]> {
  const found: FileAtHand[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "directory") found.push(...(await handlesBelow(handle, `${path}${name}/`)));
    else found.push({ path: path + name, file: await handle.getFile() });
  }
  return found;
}

async function filesBelow(entry: FileSystemEntry): Promise<FileAtHand[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => {
      (entry as FileSystemFileEntry).file(done, fail);
    });
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileAtHand[] = [];
  // It hands out a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => {
      reader.readEntries(done, fail);
    });
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await filesBelow(inner)));
  }
}
