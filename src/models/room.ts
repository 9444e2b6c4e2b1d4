/** @file Is there room for what is to be written? Leaves out who asks the browser. */
import { ModelError } from "../cat/models.ts";

/** Bytes that may still be written here; `null`: nobody can say. */
export type Room = () => Promise<number | null>;

/** @throws {ModelError} `storage`, with what is needed and what there is */
export async function checkRoom(needed: number, room: Room): Promise<void> {
  const free = await room();
  if (free === null || needed <= free) return;
  const message = `This needs ${size(needed)}, and the browser lends this page ${size(Math.max(0, free))} more. Delete models that you no longer need, free space on the disk, or choose a smaller one.`;
  throw new ModelError("storage", message);
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
