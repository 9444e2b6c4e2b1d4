/** @file What a model is called on the screen: its own name, or what a training made of it. */
import { TRAINED } from "../lab/protocol.ts";

/** "kitten", "trained, 24 steps". Details say the whole id. */
export function modelName(id: string): string {
  if (!id.startsWith(TRAINED)) return id;
  const steps = id.slice(id.indexOf("@") + 1);
  return `trained, ${steps} step${steps === "1" ? "" : "s"}`;
}
