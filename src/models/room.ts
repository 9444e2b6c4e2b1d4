/** @file Is there room for what is to be written? Leaves out who asks the browser. */
import { ModelError } from "../cat/models.ts";

/** Bytes that may still be written here; `null`: nobody can say. */
export type Room = () => Promise<number | null>;

/** @throws {ModelError} `storage`, with what is needed and what there is */
export async function checkRoom(needed: number, room: Room): Promise<void> {
  const free = await room();
  if (free === null || needed <= free) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const message = `This needs ${gigabytes(needed)}, and the browser lends this page ${gigabytes(Math.max(0, free))} more. Delete models that you no longer need, free space on the disk, or choose a smaller one.`;
  throw new ModelError("storage", message);
}
