/**
 * @file The references that see the prompt: controls for a benchmark, never part of the method. Here alone may a task meet the anchor.
 * The embedded model was not trained to read a prompt beside rollouts.
 */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Stop } from "../models.ts";
import { type CatOptions, GREEDY } from "../options.ts";
import { rolloutPrompt, synthesisPromptWithTask } from "../prompts.ts";
import type { Group, Reference, Task } from "../types.ts";
import { writeReference } from "./write.ts";

/** What hiding the prompt costs or gains (v3 App. A.4): synthesis with the prompt before the rollouts. */
export async function* synthesizeWithPrompt(
  task: Task,
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  const messages = synthesisPromptWithTask(anchor, task, group.rollouts);
  const writing = { aggregator: "synthesisWithPrompt", kind: task.kind, messages, sampling: GREEDY } as const;
  return yield* writeReference(writing, anchor, options, stop);
}

/** What the rollouts are worth: the anchor's own greedy answer without them. The same as `greedy` while anchor and policy have the same weights. */
export async function* answerAlone(
  task: Task,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  const messages = rolloutPrompt(anchor, task.kind, task.prompt);
  const writing = { aggregator: "anchorAlone", kind: task.kind, messages, sampling: GREEDY } as const;
  return yield* writeReference(writing, anchor, options, stop);
}
