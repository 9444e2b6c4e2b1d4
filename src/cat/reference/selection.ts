/** @file References that pick one rollout by a number that it already carries. What needs a further model call has a file of its own. */
import { withoutThinking } from "../thinking.ts";
import type { Aggregator, Group, Reference, Rollout } from "../types.ts";

/** The rollout of lowest perplexity: highest mean log-probability a token (baseline "min-PPL", v3 §4.1). */
export function lowestPerplexity(group: Group): Reference {
  return best(group, "lowestPerplexity", ({ logprobs }) => logprobs.reduce((a, b) => a + b, 0) / logprobs.length);
}

/** Control: the rollout of most tokens, so that a gain by length alone can be seen. */
export function longestRollout(group: Group): Reference {
  return best(group, "longestRollout", ({ tokenIds }) => tokenIds.length);
}

/** Of equals, the first. */
function best(group: Group, aggregator: Aggregator, value: (rollout: Rollout) => number): Reference {
  return selected(
    aggregator,
    group.rollouts.reduce((a, b) => (value(b) > value(a) ? b : a)),
  );
}

/** A rollout as the reference of its group. */
export function selected(aggregator: Aggregator, { index, text, ended }: Rollout): Reference {
  return { aggregator, chosen: index, text: withoutThinking(text), ended };
}
