/** @file Held-out items: tasks with their labels. This folder is the only one that may read a label. */
import * as v from "valibot";
import type { Task } from "../cat/types.ts";

/** What is known about an item and never shown to the method. */
export interface Label {
  readonly answer: string;
  /** Worst slip rate among the item's facts under the slip law, 0..1. */
  readonly slip: number;
  /** Worst misreading rate, 0..1. */
  readonly misread: number;
}

/** Not assignable to `Task`: a label cannot travel by accident. */
export interface Item {
  readonly task: Task;
  readonly label: Label;
}

const taskSchema = v.object({ id: v.string(), prompt: v.string(), kind: v.picklist(["math", "code", "open"]) });
const labelSchema = v.object({ id: v.string(), answer: v.string(), slip: v.number(), misread: v.number() });

/**
 * Joins `tasks.jsonl` and `labels.jsonl` by id, in the order of the tasks.
 * @throws Error naming the id of a task without a label.
 */
export function readItems(tasks: string, labels: string): Item[] {
  const byId = new Map(
    lines(labels).map((line) => {
      const { id, ...label } = v.parse(labelSchema, line);
      return [id, label];
    }),
  );
  return lines(tasks).map((line) => {
    const task = v.parse(taskSchema, line);
    const label = byId.get(task.id);
    if (label === undefined) throw new Error(`item ${task.id} has no label: write models/items again`);
    return { task, label };
  });
}

function lines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as unknown);
}
