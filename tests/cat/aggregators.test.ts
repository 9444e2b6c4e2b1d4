import { expect, test } from "vitest";
import { majority } from "../../src/cat/reference/majority.ts";
import { longestRollout, lowestPerplexity } from "../../src/cat/reference/selection.ts";
import type { Group } from "../../src/cat/types.ts";

function group(...rollouts: [text: string, logprobs?: number[]][]): Group {
  return {
    kind: "math",
    rollouts: rollouts.map(([text, logprobs = [-1]], index) => {
      const tokens = logprobs.map(() => 0);
      return { index, text, ended: "stop", tokenIds: tokens, logprobs, entropies: tokens };
    }),
  };
}

test("the vote counts values, not spellings, and breaks ties by who came first", () => {
  const votes = group(["\\boxed{7}"], ["\\boxed{0.5}"], ["\\boxed{1/2}"], ["\\boxed{\\frac{1}{2}}"], ["\\boxed{7}"]);
  expect(majority(votes)).toMatchObject({ chosen: 1, text: "\\boxed{0.5}" });
  expect(majority(group(["\\boxed{7}"], ["\\boxed{8}"]))!.chosen).toBe(0);
});

test("a rollout cut at the limit votes only with what it boxed", () => {
  const { kind, rollouts } = group(["\\boxed{7}"], ["12 + 3"], ["first 3"]);
  expect(majority({ kind, rollouts: rollouts.map((r) => ({ ...r, ended: "length" as const })) })!.chosen).toBe(0);
});

test("rollouts without an answer do not vote; none at all elect nothing", () => {
  expect(majority(group(["none"], ["none"], ["\\boxed{3}"]))!.chosen).toBe(2);
  expect(majority(group(["none"], ["neither"]))).toBeNull();
});

test("lowest perplexity is by mean, not by sum; the longest by tokens", () => {
  const some = group(["long", [-0.2, -0.2, -0.2]], ["short", [-0.5]], ["best", [-0.1, -0.1]]);
  expect(lowestPerplexity(some)).toMatchObject({ chosen: 2, text: "best" });
  expect(longestRollout(some)).toMatchObject({ chosen: 0 });
});
