/** @file A rollout token by token: cut where its tokens end, or not at all. */
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import { nextDoubtful, surprise, surpriseNames, tokenName, tokensOf, visible } from "../../src/ui/state/tokens.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";

const rollout = {
  text: "a é\n",
  ended: "stop",
  tokenIds: [5, 6, 7, 8, 1],
  logprobs: [-0.01, -1, -2, -0.5, -3],
  entropies: [0.1, 0.2, 0.3, 0.4, 0.5],
  margins: [null, 1, 2, 3, 4],
  textLengths: [2, 0, 1, 1, 0],
} as const;

test("each token has what it completes; the end and the middle of a character say what they are", () => {
  const tokens = tokensOf(rollout)!;
  expect(tokens.map(({ text }) => text)).toEqual(["a ", "", "é", "\n", ""]);
  expect(tokens.map(({ kind }) => kind)).toEqual(["text", "part", "text", "text", "end"]);
  expect(tokens.map(tokenName)).toEqual(["a␣", "part of a character", "é", "⏎", "end of the answer"]);
  expect(tokens[1]).toMatchObject({ index: 1, probability: Math.exp(-1), entropy: 0.2, margin: 1 });
  expect(tokensOf({ ...rollout, ended: "length" })!.at(-1)!.kind).toBe("part");
});

describe("numbers that do not fit the text are not shown", () => {
  test.each([
    ["no lengths", { textLengths: [] }],
    ["too few lengths", { textLengths: [2, 1] }],
    ["lengths that end early", { textLengths: [2, 0, 1, 0, 0] }],
    ["too few probabilities", { logprobs: [-1] }],
    ["too few entropies", { entropies: [] }],
  ])("%s", (_, change) => {
    expect(tokensOf({ ...rollout, ...change })).toBeNull();
  });

  test("unless a model says how the text is cut", () => {
    const old = { ...rollout, textLengths: [] };
    expect(tokensOf(old, ["a ", "", "é", "\n", ""])!.map(({ text }) => text)).toEqual(["a ", "", "é", "\n", ""]);
    expect(tokensOf(old, ["a ", "", "e", "\n", ""])).toBeNull();
  });

  test("a file from before margins were kept has none", () => {
    expect(tokensOf({ ...rollout, margins: [] })!.map(({ margin }) => margin)).toEqual([null, null, null, null, null]);
  });
});

test("every rollout that the method records can be cut", async () => {
  for (const log of [fixtureRun(), await adviceRun()]) {
    for (const state of log.reduce(apply, emptyRun).groups[0]!.rollouts) {
      expect(
        tokensOf(state)!
          .map(({ text }) => text)
          .join(""),
      ).toBe(state.text);
    }
  }
});

test("surprise goes by steps, and the steps have names", () => {
  const steps = [1, 0.9, 0.89, 0.6, 0.3, 0.29, 0.1, 0.09, 0].map((probability) => surprise({ probability }));
  expect(steps).toEqual([0, 0, 1, 1, 2, 3, 3, 4, 4]);
  expect(surpriseNames).toHaveLength(5);
});

test("the next doubtful token, around the end", () => {
  const tokens = tokensOf(rollout)!;
  expect([-1, 1, 2, 4].map((from) => nextDoubtful(tokens, from))).toEqual([1, 2, 4, 1]);
  expect(nextDoubtful([], 0)).toBeNull();
  expect(visible("a b\tc")).toBe("a␣b⇥c");
});
