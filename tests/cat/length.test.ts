/** @file The length penalty alone and in a run, and the rubric from the prompt in a run. */
import { expect, test } from "vitest";
import { penalizeLength } from "../../src/cat/reward/length.ts";
import type { Reward } from "../../src/cat/types.ts";
import type { GroupEvent } from "../../src/run/event.ts";
import { scripted } from "../scripted.ts";
import { groupOf, of, options, runToEnd, task, toEnd } from "./run.ts";

function* rewarding(rewards: readonly Reward[]): Generator<GroupEvent, readonly Reward[]> {
  for (const [rollout, value] of rewards.entries()) {
    yield { type: "tests", rollout, results: [], failure: null };
    yield { type: "reward", rollout, value };
  }
  return rewards;
}

test("over the limit costs 1, at the limit nothing; undecided stays so; other events pass", async () => {
  const group = groupOf("open", "a b c", "a b c d", "a b c d", "a b c d", "a");
  const rewards = [1, 1, 0, null, 0.5];
  const { events, value } = await toEnd(penalizeLength(rewarding(rewards), group, { ...options, lengthPenalty: 3 }));
  expect(value).toEqual([1, 0, -1, null, 0.5]);
  expect(events.filter((e) => e.type === "reward").map((e) => e.value)).toEqual(value);
  expect(events.filter((e) => e.type === "tests")).toHaveLength(5);
  expect((await toEnd(penalizeLength(rewarding(rewards), group, options))).value).toEqual(rewards);
});

test("whoever leaves early leaves the steps early", async () => {
  let left = false;
  async function* open(): AsyncGenerator<GroupEvent, readonly Reward[]> {
    try {
      yield* rewarding([1]);
      await Promise.resolve();
    } finally {
      left = true;
    }
    return [1];
  }
  for await (const _ of penalizeLength(open(), groupOf("open", "a"), options)) break;
  expect(left).toBe(true);
});

test("in a run: rewards, advantages and events agree, whatever the kind", async () => {
  const policy = scripted({ answer: (_, row) => ["\\boxed{16}", "well then \\boxed{16}", "\\boxed{3}", "it is \\boxed{3}"][row]! }); // prettier-ignore
  const anchor = scripted({ answer: () => "\\boxed{16}" });
  const values = async (lengthPenalty?: number) => {
    const log = await runToEnd({ policy, anchor }, lengthPenalty === undefined ? {} : { lengthPenalty });
    expect(log.at(-1)!.type).toBe("run.finished");
    return { rewards: of(log, "reward").map((r) => r.value), advantages: of(log, "group.finished")[0]!.advantages };
  };
  expect((await values()).rewards).toEqual([1, 1, 0, 0]);
  // A token a word and one for the end: 2, 4, 2, 4.
  const { rewards, advantages } = await values(3);
  expect(rewards).toEqual([1, 0, 0, -1]);
  expect(advantages[0]).toBeGreaterThan(0);
  expect(advantages[3]).toBeCloseTo(-advantages[0]!, 10);
  expect((await values(4)).rewards).toEqual([1, 1, 0, 0]);
});

test("the rubric from the prompt: the anchor sees the prompt for the rubric alone, and never without the switch", async () => {
  const open = { ...task, prompt: "XYZZY, how to rest?", kind: "open" } as const;
  const anchor = scripted({ answer: () => "- a\n- b\n- c\n- d\n- e" });
  const judge = scripted({ yes: () => 0.9 });
  const purposes = async (rubricFrom?: "prompt" | "reference") => {
    const log = await runToEnd(
      { policy: scripted({ answer: () => "rest" }), anchor, judge },
      { task: open, ...(rubricFrom && { rubricFrom }) },
    );
    expect(of(log, "reward").map((r) => r.value)).toEqual([1, 1, 1, 1]);
    expect(of(log, "rubric.finished").map((r) => r.source)).toEqual([rubricFrom ?? "reference"]);
    const seen = of(log, "prompt.sent").filter((p) => p.rendered.includes("XYZZY"));
    return seen.map((p) => `${p.role} ${p.purpose}`);
  };
  expect(await purposes()).toEqual(["policy rollout"]);
  expect(await purposes("reference")).toEqual(["policy rollout"]);
  expect(await purposes("prompt")).toEqual(["policy rollout", "anchor rubric"]);
});
