/** @file The reward by equivalence: what is compared, how often, and what the event says. */
import { expect, test } from "vitest";
import { rewardByEquivalence } from "../../src/cat/reward/equivalence.ts";
import type { Group, Reference, Rollout } from "../../src/cat/types.ts";
import type { GroupEvent } from "../../src/run/event.ts";

const written = (text: string, index: number): Rollout => ({
  index,
  text,
  ended: "stop",
  tokenIds: [1],
  logprobs: [0],
  entropies: [0],
});
const group = (...texts: string[]): Group => ({ kind: "math", rollouts: texts.map(written) });
const reference = (text: string): Reference => ({ aggregator: "synthesis", chosen: null, text, ended: "stop" });

async function rewarded(steps: ReturnType<typeof rewardByEquivalence>) {
  const events: GroupEvent[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { rewards: value, events };
    events.push(value);
  }
}

/** Says that everything is equal, and counts how often it was asked. */
function credulous() {
  const asked: string[] = [];
  const check = (a: string, b: string) => {
    asked.push(`${a} = ${b}`);
    return Promise.resolve(true);
  };
  return { asked, check };
}

test("rewards are 1, 0 or null; the second checker stands in the event", async () => {
  const answers = group("\\boxed{0.5}", "\\boxed{2}", "\\boxed{3,5}", "I cannot say");
  const { rewards, events } = await rewarded(rewardByEquivalence(answers, reference("\\boxed{\\frac12}")));
  expect(rewards).toEqual([1, 0, null, 0]);
  const verdicts = events.filter((e) => e.type === "equivalence");
  expect(verdicts.map((e) => [e.equivalent, e.second])).toEqual([
    [true, true],
    [false, false],
    [null, null],
    [false, null],
  ]);
  expect(verdicts[0]).toMatchObject({ extracted: "0.5", normal: "1/2", rule: "same number" });
});

test("no computer algebra for numbers; for a formula it is asked once, however many rollouts give it", async () => {
  const symbolic = credulous();
  const numbers = await rewarded(
    rewardByEquivalence(group("\\boxed{54}", "\\boxed{55}"), reference("\\boxed{55}"), symbolic),
  );
  expect([numbers.rewards, symbolic.asked]).toEqual([[0, 1], []]);
  const sum = "\\boxed{\\sum_{k=1}^{10} k}";
  const sums = await rewarded(rewardByEquivalence(group(sum, sum, "\\boxed{55}"), reference("\\boxed{55}"), symbolic));
  expect(sums.rewards).toEqual([1, 1, 1]);
  expect(symbolic.asked).toHaveLength(1);
});

test("without an answer in the reference nothing is decided", async () => {
  const { rewards } = await rewarded(rewardByEquivalence(group("\\boxed{1}", "none"), reference("I cannot say")));
  expect(rewards).toEqual([null, null]);
});
