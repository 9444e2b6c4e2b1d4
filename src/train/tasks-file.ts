/** @file Training prompts: models/items/DOMAIN/train.jsonl, a task a line. A line with anything more is refused, so that no label comes this way. */
import * as v from "valibot";
import type { Task } from "../cat/types.ts";

const task = v.strictObject({ id: v.string(), prompt: v.string(), kind: v.picklist(["math", "code", "open"]) });

/** @throws Error naming the line that is no task, or more than one */
export function readTasks(lines: string): Task[] {
  return lines.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), task), line);
    if (read.success) return [read.output];
    throw new Error(`line ${i + 1} of the training prompts is wrong: ${read.issues[0].message}`);
  });
}
