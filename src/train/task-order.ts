/** @file Which tasks a step learns from: all once before any twice, in an order that the seed names. Leaves out what they are. */
import { philox4x32 } from "../run/seed.ts";

/** In the counter where a purpose stands; no purpose has it. */
const ORDER = 1001;

/**
 * @param step from 0
 * @returns [count] tasks; some twice if there are fewer
 */
export function tasksOfStep<T>(tasks: readonly T[], step: number, count: number, seed: number): T[] {
  const chosen: T[] = [];
  let [epoch, order] = [-1, tasks];
  for (let at = step * count; chosen.length < count; at++) {
    if (Math.floor(at / tasks.length) !== epoch) {
      epoch = Math.floor(at / tasks.length);
      order = shuffled(tasks, seed, epoch);
    }
    chosen.push(order[at % tasks.length]!);
  }
  return chosen;
}

function shuffled<T>(tasks: readonly T[], seed: number, epoch: number): readonly T[] {
  const words = new Uint32Array(4);
  const chance = tasks.map((_, i) => {
    words.set([i, epoch, ORDER, 0]);
    philox4x32(words, Uint32Array.of(seed, 0), words);
    return words[0]!;
  });
  return [...tasks.keys()].toSorted((a, b) => chance[a]! - chance[b]!).map((i) => tasks[i]!);
}
