/** @file Rollouts alone, without reference or reward: for comparing devices. Runs in Node and in the page of bench-page/. */
import type { LanguageModel, Sampling } from "../src/cat/models.ts";
import { explore } from "../src/cat/rollouts.ts";
import type { GroupEvent } from "../src/run/event.ts";

/** What one rollout drew, token by token. */
export interface Drawn {
  readonly tokenIds: readonly number[];
  readonly logprobs: readonly number[];
  readonly margins: readonly (number | null)[];
}

export interface DrawSettings {
  readonly prompt: string;
  readonly groupSize: number;
  readonly seed: number;
  readonly sampling: Sampling;
  readonly maxTokens: number;
}

/** @returns [G], in the order of the rollouts. */
export async function drawRollouts(model: LanguageModel, { prompt, ...settings }: DrawSettings): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  const task = { id: null, prompt, kind: "math" } as const;
  const events: AsyncIterable<GroupEvent> = explore(task, model, { ...settings, group: 0, now: () => 0 });
  for await (const event of events) {
    if (event.type !== "rollout.finished") continue;
    const { tokenIds, logprobs, margins } = event;
    drawn[event.rollout] = { tokenIds, logprobs, margins };
  }
  return drawn;
}
