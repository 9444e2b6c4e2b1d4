/** @file The step of a log that names the checkpoint kept after it: the SHA-256 of its model.safetensors. */
import { sha256 } from "../models/verify-file.ts";
import type { RunEvent } from "../run/event.ts";
import type { GrpoTrainer } from "../train/trainer.ts";

/** To be asked before the next step is made. Other events are returned as they are. */
export async function namingCheckpoint(event: RunEvent, trainer: Pick<GrpoTrainer, "checkpoint">): Promise<RunEvent> {
  if (event.type !== "step") return event;
  const { weights } = await trainer.checkpoint();
  return { ...event, checkpoint: await sha256(new Uint8Array(weights)) };
}
