/** @file Which tasks a step learns from: all once before any twice, in an order that the seed names. Leaves out what they are. */
import { philox4x32 } from "../run/seed.ts";

/** In the counter where a purpose stands; no purpose has it. */
const ORDER = 1001;

/**
 * @param step from 0
 * @returns [count] tasks; some twice if there are fewer
 */
export function tasksOfStep<T>(tasks: readonly T[], step: number, count: number, seed: number): T[] {
  return Array.from({ length: count }, (_, k) => {
    const at = step * count + k;
    return shuffled(tasks, seed, Math.floor(at / tasks.length))[at % tasks.length]!;
  });
}

function shuffled<T>(tasks: readonly T[], seed: number, epoch: number): T[] {
  const words = new Uint32Array(4);
  const chance = tasks.map((_, i) => {
    words.set([i, epoch, ORDER, 0]);
    philox4x32(words, Uint32Array.of(seed, 0), words);
    return words[0]!;
  });
  return [...tasks.keys()].toSorted((a, b) => chance[a]! - chance[b]!).map((i) => tasks[i]!);
}
