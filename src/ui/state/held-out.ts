/** @file The held-out problems that the dice throws: fetched once, when first wanted. Their labels are elsewhere and are not read here. */
import { fetchText } from "./recorded.ts";

export interface HeldOutProblem {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly prompt: string;
}

let fetched: Promise<readonly HeldOutProblem[]> | undefined;

/** All held-out problems of `sums`. @throws Error when they cannot be fetched; a later call tries again. */
export function heldOutProblems(): Promise<readonly HeldOutProblem[]> {
  fetched ??= fetchProblems().catch((error: unknown) => {
    fetched = undefined;
    throw error;
  });
  return fetched;
}

async function fetchProblems(): Promise<readonly HeldOutProblem[]> {
  return parseProblems(await fetchText("models/items/sums/tasks.jsonl"));
}

/** One problem a line: `{"id", "prompt"}`. */
export function parseProblems(lines: string): readonly HeldOutProblem[] {
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const task = JSON.parse(line) as { id: string; prompt: string };
      return { id: task.id, index, prompt: task.prompt };
    });
}
