/** @file A group of a run as the method sees one: the rollouts' texts and numbers, nothing of what came of them. */
import type { Group } from "../cat/types.ts";
import type { GroupState } from "./run.ts";

/** A rollout that has not ended counts as cut off. */
export function asGroup({ task, rollouts }: GroupState): Group {
  return {
    kind: task.kind,
    rollouts: rollouts.map(({ text, ended = "length", tokenIds, logprobs, entropies }, index) => {
      return { index, text, ended, tokenIds, logprobs, entropies };
    }),
  };
}
