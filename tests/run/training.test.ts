/** @file The fold of a training's log: every prefix is true, what was taken back stands no more and is not lost, and what cannot be is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_PROGRESS, progressAfter } from "../../src/lab/training-progress.ts";
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";
import { formatEvent, readEvents } from "../../src/run/lines.ts";
import { applyToTraining, emptyTraining, type Training } from "../../src/run/training.ts";
import { MadeTraining } from "./made-training.ts";
import { realTraining } from "./real-training.ts";

const fold = (log: readonly LoggedEvent[]): Training => log.reduce(applyToTraining, emptyTraining());

const noticed = { type: "notice", code: "fewer-rows", message: "Fewer rows at once." } as const;

const figure = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

/** What a session may do next, wherever it stands. */
const doings = fc.array(
  fc.oneof(
    fc.record({ of: fc.constant("step" as const), loss: figure }),
    fc.record({ of: fc.constant("broken" as const), events: fc.nat(40) }),
    fc.record({ of: fc.constant("score" as const), mean: figure }),
    fc.record({ of: fc.constant("back" as const), share: figure }),
    fc.record({ of: fc.constant("notice" as const) }),
  ),
  { maxLength: 24 },
);

type Doings = typeof doings extends fc.Arbitrary<infer T> ? T : never;

/** The log, and what stands after each of its events: losses of steps, scores by step. */
function played(list: Doings) {
  const made = new MadeTraining().lines(0.4, 0.5, 0.6, 0.7);
  const start = made.log.length;
  let [losses, scores] = [[] as number[], new Map([[0, 0.4]])];
  const standing: { losses: readonly number[]; scores: ReadonlyMap<number, number> }[] = [];
  for (const doing of list) {
    const before = made.log.length;
    const was = { losses, scores };
    if (doing.of === "step") {
      made.step(losses.length, { loss: doing.loss });
      losses = [...losses, doing.loss];
    } else if (doing.of === "broken") made.broken(losses.length, doing.events);
    else if (doing.of === "score") {
      made.score(losses.length, doing.mean);
      scores = new Map(scores).set(losses.length, doing.mean);
    } else if (doing.of === "back") {
      const step = Math.round(doing.share * losses.length);
      made.add({ type: "rewound", step });
      losses = losses.slice(0, step);
      scores = new Map([...scores].filter(([at]) => at <= step));
    } else made.add(noticed);
    // Only the last event of a doing changes what stands.
    for (let i = before + 1; i < made.log.length; i++) standing.push(was);
    if (made.log.length > before) standing.push({ losses, scores });
  }
  return { log: made.log, start, standing };
}

describe("any course of a training", () => {
  test("at every prefix, what stands is what was made and not taken back; the worker's fold says so too", () => {
    fc.assert(
      fc.property(doings, (list) => {
        const { log, start, standing } = played(list);
        let training = fold(log.slice(0, start));
        let progress = log.slice(0, start).reduce(progressAfter, NO_PROGRESS);
        for (const [i, event] of log.slice(start).entries()) {
          training = applyToTraining(training, event);
          const { losses, scores } = standing[i]!;
          expect(training.steps.map((step) => step.event.loss)).toEqual(losses);
          expect(training.steps.map((step) => step.event.step)).toEqual([...losses.keys()]);
          expect(training.scores.map(({ step, score }) => [step, score.mean])).toEqual(
            [...scores].toSorted(([a], [b]) => a - b),
          );
          progress = progressAfter(progress, event);
          expect([progress.steps, progress.scores]).toEqual([losses.length, scores]);
          expect(training.status).toBe("running");
          expect(training.atMs).toBe(event.atMs);
        }
      }),
    );
  });

  test("no step that was made is lost: it stands, or is in one rewind", () => {
    fc.assert(
      fc.property(doings, (list) => {
        const { log } = played(list);
        const { steps, rewinds } = fold(log);
        const all = [...rewinds.flatMap((rewind) => rewind.steps), ...steps].map(({ event }) => event.seq);
        const logged = log.filter(({ type }) => type === "step").map(({ seq }) => seq);
        expect(all.toSorted((a, b) => a - b)).toEqual(logged);
        for (const { to, from, steps: gone } of rewinds) expect(gone.length).toBe(from - to);
      }),
    );
  });

  test("every step has its groups, whole, also after steps that were given up", () => {
    fc.assert(
      fc.property(doings, (list) => {
        for (const { event, groups } of fold(played(list).log).steps) {
          expect(groups.map(({ task }) => task.id)).toEqual(event.groups.map((group) => `t-${group}`));
          for (const group of groups) {
            expect(group.finished).toBeDefined();
            expect(group.rollouts.every(({ text, reward }) => text !== "" && reward !== undefined)).toBe(true);
          }
        }
      }),
    );
  });

  test("its file reads back to the same", () => {
    fc.assert(
      fc.property(doings, (list) => {
        const { log } = played(list);
        let read = emptyTraining();
        const problem = readEvents(log.map(formatEvent).join(""), (event) => {
          read = applyToTraining(read, event);
        });
        expect(problem).toBeNull();
        expect(read).toEqual(fold(log));
      }),
      { numRuns: 20 },
    );
  });
});

test("the four lines are the start's; a repeated evaluation takes the place of the earlier", () => {
  const { log } = new MadeTraining().lines(0.4, 0.5, null, 0.7).score(0, 0.41).step(0).score(1, 0.5).score(1, 0.6);
  const { lines, scores } = fold(log);
  expect([lines.single, lines.greedy, lines.majority, lines.synthesis].map((line) => line?.score.mean)).toEqual([
    0.41,
    0.5,
    undefined,
    0.7,
  ]);
  expect(scores.map(({ step, score }) => [step, score.mean])).toEqual([
    [0, 0.41],
    [1, 0.6],
  ]);
});

test("of a made step texts and rewards stay, tokens do not; an open group has all", () => {
  const made = new MadeTraining().step(0).broken(1, 5);
  const { steps, open } = fold(made.log);
  const group = steps[0]!.groups[0]!;
  expect(group.rollouts[0]).toMatchObject({ text: "It is \\boxed{4}", tokens: 2, reward: 1, advantage: 0.5 });
  expect(group.rollouts[0]!.tokenIds).toEqual([]);
  expect(group.prompts.map(({ role }) => role)).toEqual(["policy", "anchor"]);
  expect(open.get(2)!.rollouts[0]!.tokenIds).toEqual([1, 2]);
});

test("what is not touched is shared: a notice costs nothing", () => {
  const before = fold(new MadeTraining().step(0).step(1).log);
  const after = applyToTraining(before, { ...noticed, seq: 99, atMs: 99 });
  expect(after.steps).toBe(before.steps);
  expect(after.notices).toHaveLength(1);
});

test("self-agreement: the share that says what most say, and whether the reference does", () => {
  const groups = [
    { answers: [4, 4, 4, 5], reference: 4 },
    { answers: [7, 7, null, 8], reference: 8 },
  ];
  const agreementOf = (...made: typeof groups) => fold(new MadeTraining().step(0, {}, made).log).steps[0]!.agreement;
  expect(agreementOf(...groups)).toEqual({ share: 0.625, parted: 0.5 });
  expect(agreementOf({ answers: [1, 2], reference: 2 }, { answers: [], reference: 1 })).toEqual({
    share: 0.5,
    parted: 1,
  });
});

test.each<[string, readonly RunEvent[], RegExp]>([
  ["a second start", [new MadeTraining().log[0]!], /starts once/],
  ["a step too far", new MadeTraining().step(1).log.slice(1), /step 1 comes, expected 0/],
  ["back to what was not made", [{ type: "rewound", step: 1 }], /back to step 1 of 0/],
  ["a group that has not started", [{ type: "reward", group: 3, rollout: 0, value: 1 }], /group 3, which has not/],
  ["a step after the end", [{ type: "run.finished" }, ...new MadeTraining().step(0).log.slice(1)], /after the end/],
])("%s is refused", (_, events, problem) => {
  expect(() => fold(new MadeTraining().add(...events).log)).toThrow(problem);
});

test("nothing comes before the start, and notices may come after the end", () => {
  expect(() => fold(new MadeTraining().step(0).log.slice(1))).toThrow(/before the start/);
  const { notices, status } = fold(new MadeTraining().add({ type: "run.finished" }, noticed).log);
  expect([notices.length, status]).toEqual([1, "finished"]);
});

test("a training that was: every step whole, what it says of its groups is what they say", () => {
  const { training, problem } = realTraining();
  expect(problem).toBeNull();
  expect([training.status, training.steps.length, training.open.size]).toEqual(["finished", 4, 0]);
  expect(training.scores.map(({ step }) => step)).toEqual([0, 2, 4]);
  expect(Object.values(training.lines).every((line) => line !== undefined)).toBe(true);
  for (const { event, groups } of training.steps) {
    expect(groups).toHaveLength(2);
    const rewards = groups.flatMap(({ rollouts }) => rollouts.map(({ reward }) => reward!));
    expect(rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length).toBeCloseTo(event.rewardMean!);
    const tokens = groups.flatMap(({ rollouts }) => rollouts.map((rollout) => rollout.tokens));
    expect(tokens.reduce((sum, count) => sum + count, 0) / tokens.length).toBeCloseTo(event.meanTokens!);
  }
});
