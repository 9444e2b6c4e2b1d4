/** @file The held-out problems of each domain: fetched once, when first wanted. Their labels are elsewhere and are not read here. */
import type { Domain } from "../../lab/protocol.ts";
import { fetchText } from "./recorded.ts";

export interface HeldOutProblem {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly prompt: string;
}

const fetched = new Map<Domain, Promise<readonly HeldOutProblem[]>>();

/** All held-out problems of a domain. @throws Error when they cannot be fetched; a later call tries again. */
export function heldOutProblems(domain: Domain): Promise<readonly HeldOutProblem[]> {
  const before = fetched.get(domain);
  if (before !== undefined) return before;
  const now = fetchProblems(domain).catch((error: unknown) => {
    fetched.delete(domain);
    throw error;
  });
  fetched.set(domain, now);
  return now;
}

async function fetchProblems(domain: Domain): Promise<readonly HeldOutProblem[]> {
  return parseProblems(await fetchText(`models/items/${domain}/tasks.jsonl`));
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
