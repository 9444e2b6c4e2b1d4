/** @file Work on many items, a few at once: what they ask of a model meanwhile shares its batches. Leaves out what the work is. */
import type { LanguageModel } from "./models.ts";

/** Rows of several groups decode together on a GPU; a CPU gains nothing by it. */
export function sharesBatches({ record }: LanguageModel): boolean {
  return record.device === "webgpu";
}

/**
 * Begins with the items in their order. After a failure no other is begun, and those under way are waited for.
 * @param most items under way at once
 * @returns what came of each, in the order of the items
 * @throws what failed first
 */
export async function concurrently<I, O>(
  items: readonly I[],
  most: number,
  work: (item: I, index: number) => Promise<O>,
): Promise<O[]> {
  const outcomes: O[] = [];
  const waiting = [...items.entries()];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && failures.length === 0; next = waiting.shift()) {
      const [index, item] = next;
      try {
        outcomes[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: most }, lane));
  if (failures.length > 0) throw failures[0];
  return outcomes;
}
