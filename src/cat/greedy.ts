/** @file The policy's one greedy answer as a reference: what the same model says without any of this (baseline "greedy"). It answers the task, so it stands apart from what the anchor makes of rollouts. */
import type { GroupEvent } from "../run/event.ts";
import type { LanguageModel, Stop } from "./models.ts";
import type { CatOptions } from "./options.ts";
import { exploreGreedily } from "./rollouts.ts";
import { withoutThinking } from "./thinking.ts";
import type { Reference, Task } from "./types.ts";
import { finished } from "./reference/finished.ts";

/** It is no rollout of the group, so what it writes is told as a reference. @throws as `explore`. */
export async function* answerGreedily(
  task: Task,
  policy: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference> {
  const start = options.now();
  const steps = exploreGreedily(task, policy, options, stop);
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        const { text, ended, tokenIds } = value.rollouts[0]!;
        const reference: Reference = { aggregator: "greedy", chosen: null, text: withoutThinking(text), ended };
        yield finished("greedy", reference, task.kind, { tokens: tokenIds.length, ms: options.now() - start });
        return reference;
      }
      if (value.type === "rollout.delta") yield { type: "reference.delta", aggregator: "greedy", text: value.text };
      else if (value.type !== "rollout.finished") yield value;
    }
  } finally {
    await steps.return({ kind: task.kind, rollouts: [] });
  }
}
