/** @file The rubric written from the task's prompt, the reference unseen: the ablation of v3 App. A.2, never part of the method. */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Stop } from "../models.ts";
import type { CatOptions } from "../options.ts";
import { rubricPromptFromTask } from "../prompts.ts";
import type { Criterion, Task } from "../types.ts";
import { writeRubric } from "./rubric.ts";

/** @returns the criteria of the better of two attempts; fewer than five, or none, when both fall short. */
export async function* proposeRubricFromPrompt(
  task: Task,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Criterion[]> {
  const asked = { source: "prompt", messages: rubricPromptFromTask(anchor, task) } as const;
  return yield* writeRubric(asked, anchor, options, stop);
}
