/** @file What a served model does not tell is absent or null in the log, never 0, and such a log is a valid run. */
import { expect, test } from "vitest";
import { leaveOutUntold } from "../../src/lab/untold.ts";
import type { GroupEvent } from "../../src/run/event.ts";
import { scripted } from "../scripted.ts";

const numbers = { entropies: [NaN, NaN], margins: [null, null], textLengths: [2, 2] };
const rollout = { type: "rollout.finished", rollout: 0, ended: "stop", text: "abcd", ms: 1, ...numbers } as const;
const byText = Object.assign(scripted({}), { decidesBy: "text" as const });

async function through(event: GroupEvent, judge: Parameters<typeof leaveOutUntold>[1] = null): Promise<GroupEvent> {
  const events = async function* () {
    await Promise.resolve();
    yield event;
  };
  for await (const left of leaveOutUntold(events(), judge)) return left;
  throw new Error("it was lost");
}

test("tokens without ids are counted; their log-probabilities are kept where all were told", async () => {
  const empty = { tokens: 2, tokenIds: [], entropies: [], margins: [] };
  expect(await through({ ...rollout, tokenIds: [-1, -1], logprobs: [-0.5, NaN] })).toEqual({
    ...{ type: "rollout.finished", rollout: 0, ended: "stop", text: "abcd", ms: 1 },
    ...empty,
    logprobs: [],
  });
  expect(await through({ ...rollout, tokenIds: [-1, -1], logprobs: [-0.5, -1] })).toMatchObject({
    ...empty,
    logprobs: [-0.5, -1],
    textLengths: [2, 2],
  });
});

test("what a model in this page tells is left as it is", async () => {
  const event = { ...rollout, tokenIds: [3, 4], logprobs: [-0.5, -1], entropies: [0, 1] } as const;
  expect(await through(event)).toBe(event);
});

test("a delta's unknown log-probability is null", async () => {
  const delta = { type: "rollout.delta", rollout: 0, text: "a", tokens: 1 } as const;
  expect(await through({ ...delta, logprob: NaN })).toEqual({ ...delta, logprob: null });
  expect(await through({ ...delta, logprob: 0 })).toEqual({ ...delta, logprob: 0 });
});

test("a verdict that was read from a reply has no probability, one by the first token has", async () => {
  const verdict = { type: "verdict", rollout: 0, criterion: 0, met: true, by: "model" } as const;
  expect(await through({ ...verdict, probability: 1 }, byText)).toEqual({ ...verdict, probability: null });
  expect(await through({ ...verdict, probability: 0.9 }, byText)).toEqual({ ...verdict, probability: 0.9 });
  expect(await through({ ...verdict, probability: 1 }, scripted({}))).toEqual({ ...verdict, probability: 1 });
  const same = {
    type: "equivalence",
    rollout: 0,
    equivalent: true,
    extracted: null,
    normal: null,
    second: null,
  } as const;
  expect(await through({ ...same, rule: "the judge says yes, P(yes) = 1.00" }, byText)).toMatchObject({
    rule: "the judge says yes, read from its reply",
  });
});
