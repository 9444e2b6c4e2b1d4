/** @file When an alarm sounds and when it does not: each limit from both sides, and noise. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Alarm, alarmsOf, KL_LIMIT, LENGTH_LIMIT, SHARE_RISE, WINDOW } from "../../src/run/training-alarms.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { applyToTraining, emptyTraining } from "../../src/run/training.ts";
import { type MadeGroup, MadeTraining } from "./made-training.ts";

type Figures = NonNullable<Parameters<MadeTraining["step"]>[1]>;

const sounded = ({ log }: MadeTraining): readonly Alarm[] => alarmsOf(log.reduce(applyToTraining, emptyTraining()));

const STEPS = 4 * WINDOW;

/** The second half of the steps differs from the first. */
function changing(before: Figures, after: Figures, steps = STEPS): MadeTraining {
  const made = new MadeTraining().lines(0.4, 0.6, 0.55, 0.7);
  for (let step = 0; step < steps; step++) made.step(step, step < steps / 2 ? before : after);
  return made;
}

const kinds = (made: MadeTraining): readonly string[] => sounded(made).map(({ kind }) => kind);

test("a training in which nothing changes sounds none", () => {
  expect(sounded(changing({}, {}))).toEqual([]);
  expect(sounded(new MadeTraining())).toEqual([]);
});

describe("divergence from the initial policy", () => {
  test("sounds when most of the last steps are beyond the limit, since when, and from what", () => {
    const [alarm] = sounded(changing({ kl: 0.02 }, { kl: 2 * KL_LIMIT }));
    expect(alarm).toMatchObject({ kind: "kl", from: 0.02, to: 2 * KL_LIMIT });
    // Three steps of five.
    expect(alarm!.since).toBe(STEPS / 2 + 2);
  });

  test("one step that is far off is none, nor is a coefficient of 0, which asks nobody", () => {
    const made = new MadeTraining();
    for (let step = 0; step < STEPS; step++) made.step(step, { kl: step === STEPS - 1 ? 40 * KL_LIMIT : 0.02 });
    expect(kinds(made)).toEqual([]);
    expect(kinds(changing({ kl: null }, { kl: null }))).toEqual([]);
    expect(kinds(changing({ kl: 0.02 }, { kl: KL_LIMIT - 0.01 }))).toEqual([]);
  });
});

describe("length", () => {
  test("sounds from the limit on", () => {
    expect(sounded(changing({ meanTokens: 98 }, { meanTokens: 148 }))).toMatchObject([
      { kind: "length", from: 98, to: 148 },
    ]);
    expect(kinds(changing({ meanTokens: 100 }, { meanTokens: 100 * LENGTH_LIMIT - 1 }))).toEqual([]);
    expect(kinds(changing({ meanTokens: 150 }, { meanTokens: 100 }))).toEqual([]);
  });

  test("not before there are two windows", () => {
    expect(kinds(changing({ meanTokens: 10 }, { meanTokens: 90 }, 2 * WINDOW - 1))).toEqual([]);
    expect(kinds(changing({ meanTokens: 10 }, { meanTokens: 90 }, 2 * WINDOW))).toEqual(["length"]);
  });
});

describe("self-agreement", () => {
  const group = (agree: number, reference: number): MadeGroup => {
    return { answers: Array.from({ length: 10 }, (_, i) => (i < agree ? 4 : 10 + i)), reference };
  };

  function agreeing(before: readonly MadeGroup[], after: readonly MadeGroup[]): MadeTraining {
    const made = new MadeTraining();
    for (let step = 0; step < STEPS; step++) made.step(step, {}, step < STEPS / 2 ? before : after);
    return made;
  }

  test("sounds when the rollouts agree more, and more often against the reference", () => {
    const alarms = sounded(agreeing([group(5, 4), group(5, 4)], [group(8, 4), group(8, 9)]));
    expect(alarms).toMatchObject([{ kind: "agreement", from: 0, to: 0.5 }]);
  });

  test("not when they agree more with the reference as well, nor when they only disagree with it more", () => {
    expect(kinds(agreeing([group(5, 9), group(5, 9)], [group(9, 4), group(9, 4)]))).toEqual([]);
    expect(kinds(agreeing([group(5, 4), group(5, 4)], [group(5, 9), group(5, 9)]))).toEqual([]);
  });
});

describe("reward and held-out score", () => {
  const course = (reward: number, ...means: readonly number[]): MadeTraining => {
    const made = changing({ rewardMean: 0.5 }, { rewardMean: reward });
    for (const [i, mean] of means.entries()) made.score(STEPS + i - means.length + 1, mean, 0.02);
    return made;
  };

  test("sounds when the reward has risen and the score has fallen beyond error", () => {
    expect(sounded(course(0.8, 0.6, 0.5))).toMatchObject([{ kind: "reward", from: 0.6, to: 0.5, since: STEPS - 1 }]);
  });

  test("not when the score has risen too, when it fell within its error, or when the reward has not risen", () => {
    expect(kinds(course(0.8, 0.6, 0.7))).toEqual([]);
    expect(kinds(course(0.8, 0.6, 0.58))).toEqual([]);
    expect(kinds(course(0.5 + SHARE_RISE / 2, 0.6, 0.5))).toEqual([]);
  });
});

test("the figures of a training that went well sound none, at none of its sixty steps", () => {
  const lines = readFileSync("tests/fixtures/trainings/sums-60-figures.jsonl", "utf8").trimEnd().split("\n");
  const made = new MadeTraining({ tasks: 1 });
  for (const line of lines) {
    const event = JSON.parse(line) as Extract<RunEvent, { type: "step" | "evaluation" }>;
    if (event.type === "evaluation") made.add(event);
    else made.step(event.step, event);
    expect(sounded(made)).toEqual([]);
  }
  expect(made.log.filter(({ type }) => type === "step")).toHaveLength(60);
});

test("steps that were taken back sound no alarm", () => {
  const made = changing({ meanTokens: 40 }, { meanTokens: 90 });
  expect(kinds(made)).toEqual(["length"]);
  expect(kinds(made.add({ type: "rewound", step: STEPS / 2 }))).toEqual([]);
});

test("noise of a tenth about a mean sounds none", () => {
  // Lengths of a step vary by a tenth, means of rewards by as much as those of forty groups do.
  const noisy = fc.array(
    fc.record({ tokens: fc.integer({ min: 36, max: 44 }), reward: fc.integer({ min: 40, max: 60 }) }),
    {
      minLength: STEPS,
      maxLength: STEPS,
    },
  );
  fc.assert(
    fc.property(noisy, (steps) => {
      const made = new MadeTraining().lines(0.4, 0.6, 0.55, 0.7);
      for (const [step, { tokens, reward }] of steps.entries()) {
        made.step(step, { meanTokens: tokens, rewardMean: reward / 100 });
      }
      expect(kinds(made)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
