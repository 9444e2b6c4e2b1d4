/** @file Who judges a run, as the head of its reward says it. */
import type { RunHeader } from "../../run/event.ts";

/** "independent judge: kitten-judge"; empty where none was asked. */
export function judgeText({ models: { judge }, judgeIndependent }: RunHeader): string {
  if (judge === null) return "";
  return judgeIndependent
    ? `independent judge: ${judge.id}${judge.server === undefined ? "" : ` at ${judge.server}`}`
    : "judge = policy (not independent)";
}
