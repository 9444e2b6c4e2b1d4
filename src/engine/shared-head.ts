/** @file Which prompts that follow each other begin alike, so that their beginning is read once. Leaves out reading it. */

/** Prompts with one beginning. */
export interface HeadedRun {
  /** Where the run begins in the list. */
  readonly start: number;
  readonly count: number;
  /** Tokens that all of them begin with, at least one short of each; 0 for a prompt by itself. */
  readonly head: number;
}

/** A prompt joins a run if it shares this part of the run's first prompt: a judge's cells about one answer do, two answers that begin alike do not. */
const SHARED = 0.5;

/** Splits `prompts` [prompts][tokens], none empty, into runs, in order. */
export function headedRuns(prompts: readonly (readonly number[])[]): HeadedRun[] {
  const runs: HeadedRun[] = [];
  for (let start = 0; start < prompts.length;) {
    const first = prompts[start]!;
    let head = first.length - 1;
    let count = 1;
    for (let next = prompts[start + 1]; next !== undefined; next = prompts[start + count]) {
      const shared = Math.min(alike(first, next), next.length - 1);
      if (shared < SHARED * first.length) break;
      head = Math.min(head, shared);
      count++;
    }
    runs.push({ start, count, head: count === 1 ? 0 : head });
    start += count;
  }
  return runs;
}

function alike(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** How much of a prompt need not be read after another: at least one token is left, whose logits are wanted. */
export function sharedLength(before: readonly number[], prompt: readonly number[]): number {
  return Math.min(alike(before, prompt), prompt.length - 1);
}
