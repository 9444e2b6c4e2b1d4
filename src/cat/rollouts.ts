/** @file Explore: G seeded answers of the policy as one merged stream (v3 §3.1). The task's prompt goes no further than here. */
import type { GroupEvent } from "../run/event.ts";
import { type LanguageModel, ModelError, type Stop } from "./models.ts";
import { type CatOptions, GREEDY, noise } from "./options.ts";
import { rolloutPrompt } from "./prompts.ts";
import type { Group, Rollout, Task } from "./types.ts";

interface Growing {
  text: string;
  readonly tokenIds: number[];
  readonly logprobs: number[];
  readonly entropies: number[];
  readonly margins: (number | null)[];
  readonly textLengths: number[];
}

/**
 * Samples the group. Rollouts finish in any order; the group is in theirs.
 * @throws {ModelError} `prompt-empty`, and what the model throws.
 */
export async function* explore(
  task: Task,
  policy: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Group> {
  return yield* sample(task, policy, { ...options, rows: options.groupSize }, stop);
}

/** The policy's one greedy answer: a group of one, for the `greedy` aggregator. */
export async function* exploreGreedily(
  task: Task,
  policy: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Group> {
  return yield* sample(task, policy, { ...options, sampling: GREEDY, rows: 1 }, stop);
}

async function* sample(
  task: Task,
  policy: LanguageModel,
  options: CatOptions & { readonly rows: number },
  stop?: Stop,
): AsyncGenerator<GroupEvent, Group> {
  if (task.prompt.trim() === "") throw new ModelError("prompt-empty", "The prompt is empty. Write a question first.");
  const messages = rolloutPrompt(policy, task.kind, task.prompt);
  const rendered = policy.render(messages);
  yield { type: "prompt.sent", role: "policy", purpose: "rollout", rollout: null, criterion: null, messages, rendered };

  const start = options.now();
  const growing = Array.from({ length: options.rows }, newGrowing);
  const rollouts: Rollout[] = [];
  const request = {
    prompt: rendered,
    n: options.rows,
    noise: noise(options, "rollout", 0),
    sampling: options.sampling,
    maxTokens: options.maxTokens,
  };
  for await (const { row, token, text, logprob, entropy, margin, ended } of policy.generate([request], stop)) {
    const rollout = growing[row]!;
    rollout.text += text;
    rollout.tokenIds.push(token);
    rollout.logprobs.push(logprob);
    rollout.entropies.push(entropy);
    rollout.margins.push(margin);
    rollout.textLengths.push(text.length);
    yield { type: "rollout.delta", rollout: row, text, tokens: 1, logprob };
    if (ended !== null) {
      rollouts[row] = { index: row, ended, ...rollout };
      yield { type: "rollout.finished", rollout: row, ended, ...rollout, ms: options.now() - start };
    }
  }
  return { kind: task.kind, rollouts };
}

function newGrowing(): Growing {
  return { text: "", tokenIds: [], logprobs: [], entropies: [], margins: [], textLengths: [] };
}
