/** @file A training in Node over a file system in memory: kept, paused, taken up again to the same numbers, taken back, disturbed. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { sha256 } from "../../src/models/verify-file.ts";
import { TrainingSession } from "../../src/lab/training-session.ts";
import { readEvents } from "../../src/run/lines.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";
import { begin, CHOICE, PLACE, type TestTraining, testTraining, trajectory } from "./training-parts.ts";

// Two models run in these, on whatever cores are left.
vi.setConfig({ testTimeout: 60_000 });

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Runs so many steps more, then rests. */
async function run(training: TestTraining, session: TrainingSession, steps: number) {
  const paused = training.next("paused");
  session.run(steps);
  return paused;
}

function kept(id = "t"): LoggedEvent[] {
  const events: LoggedEvent[] = [];
  const text = new TextDecoder().decode(files.bytes.get(`trainings/${id}/log.jsonl`));
  expect(readEvents(text, (event) => events.push(event))).toBeNull();
  return events;
}

const checkpointFiles = (id = "t") =>
  [...files.bytes.keys()].filter((path) => path.startsWith(`trainings/${id}/`) && path.endsWith(".checkpoint"));

const weightsOf = async (session: TrainingSession) => sha256(new Uint8Array(await session.weights()));

/** Four steps without a break. */
async function uninterrupted() {
  const training = testTraining();
  const session = begin(training, {}, "whole");
  await run(training, session, 4);
  const weights = await weightsOf(session);
  await session.close();
  return { weights, trajectory: trajectory(training.events) };
}

describe("a training from its start", () => {
  test("evaluates the start, then steps, evaluates every few of them, and keeps what it posts", async () => {
    const training = testTraining();
    const session = begin(training);
    const state = await run(training, session, 3);
    const [header] = training.events;
    expect(header).toMatchObject({ type: "run.started", kind: "train", domain: "sums", groupSize: 3, seed: 7 });
    const { domain: _, seed: __, rollouts: ___, lengthPenalty, ...chosen } = CHOICE;
    expect(header).toMatchObject({ training: chosen, lengthPenalty });
    expect(trajectory(training.events)).toMatchObject([
      { type: "evaluation", step: 0, items: 2 },
      { type: "evaluation", step: 0, aggregator: "greedy" },
      { type: "evaluation", step: 0, aggregator: "majority" },
      { type: "evaluation", step: 0, aggregator: "synthesis" },
      { type: "step", step: 0, groups: [0, 1] },
      { type: "step", step: 1, groups: [2, 3] },
      { type: "evaluation", step: 2, items: 2 },
      { type: "step", step: 2, groups: [4, 5] },
    ]);
    expect(training.events.some(({ type }) => type.endsWith(".delta"))).toBe(false);
    expect(kept()).toEqual(training.events);
    expect(state).toMatchObject({ phase: "paused", kept: true, failure: null, device: "node" });
    expect(state.checkpoints).toMatchObject([
      { step: 0, score: 0 },
      { step: 2, score: 0 },
      { step: 3, score: null },
    ]);
    const phases = training.states.map(({ phase }) => phase);
    expect(phases.filter((phase, i) => phase !== phases[i - 1])).toEqual([
      ...["loading", "evaluating", "running", "evaluating", "running", "paused"],
    ]);
    expect(training.states.some(({ evaluated, toEvaluate }) => evaluated === 2 && toEvaluate === 2)).toBe(true);
    expect(files.open.size).toBe(0);
    await session.close();
  });

  test("the step that a checkpoint is kept after names it by its weights", async () => {
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 2);
    const named = training.events.flatMap((event) => (event.type === "step" ? [event.checkpoint] : []));
    expect(named).toEqual([null, await weightsOf(session)]);
    await session.close();
  });

  test("ends with an evaluation, and then nothing more happens to it", async () => {
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 1);
    const ended = training.next("ended");
    session.end();
    await ended;
    expect(trajectory(training.events).at(-1)).toMatchObject({ type: "evaluation", step: 1 });
    expect(training.events.at(-1)!.type).toBe("run.finished");
    session.run(null);
    session.back(0);
    await session.pause();
    expect(training.events.at(-1)!.type).toBe("run.finished");
    await session.close();
  });
});

describe("what was broken off goes on to the same numbers", () => {
  test("after a pause in mid-step: the step is given up, and comes again", async () => {
    const whole = await uninterrupted();
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 1);
    const { length } = training.events;
    session.run(null);
    // Not before a rollout of the step is there.
    const types = () => training.events.slice(length).map(({ type }) => type);
    await vi.waitFor(
      () => {
        expect(types()).toContain("rollout.finished");
      },
      { interval: 1 },
    );
    await session.pause();
    const { steps } = stepsIn(training.events);
    expect(training.states.at(-1)).toMatchObject({ phase: "paused" });
    await run(training, session, 4 - steps);
    expect(trajectory(training.events)).toEqual(whole.trajectory);
    expect(await weightsOf(session)).toEqual(whole.weights);
    await session.close();
  });

  test("after a reload, from the checkpoint of the pause", async () => {
    const whole = await uninterrupted();
    const before = testTraining();
    const session = begin(before);
    await run(before, session, 3);
    await session.close();
    const after = testTraining();
    const paused = after.next("paused");
    const resumed = await TrainingSession.resume("t", PLACE, after.parts);
    expect((await paused).checkpoints.map(({ step }) => step)).toEqual([0, 2, 3]);
    expect(after.events).toEqual([]);
    await run(after, resumed, 1);
    expect(await weightsOf(resumed)).toEqual(whole.weights);
    expect(trajectory(kept())).toEqual(whole.trajectory);
    await resumed.close();
  });

  test("after a closed tab, from the last checkpoint that is whole: later steps no longer stand, and are made again", async () => {
    const whole = await uninterrupted();
    const before = testTraining();
    const session = begin(before);
    await run(before, session, 3);
    await session.close();
    const last = "trainings/t/3.checkpoint";
    files.bytes.set(last, files.bytes.get(last)!.slice(0, -5));
    const log = "trainings/t/log.jsonl";
    files.bytes.set(log, new Uint8Array([...files.bytes.get(log)!, ...new TextEncoder().encode('{"type":"st')]));
    const after = testTraining();
    const paused = after.next("paused");
    const resumed = await TrainingSession.resume("t", PLACE, after.parts);
    expect((await paused).checkpoints.map(({ step }) => step)).toEqual([0, 2]);
    expect(after.events).toMatchObject([{ type: "rewound", step: 2 }]);
    expect(checkpointFiles()).not.toContain(last);
    await run(after, resumed, 2);
    expect(await weightsOf(resumed)).toEqual(whole.weights);
    expect(trajectory(kept()).slice(-3)).toEqual(whole.trajectory.slice(-3));
    await resumed.close();
  });

  test("after the device was lost", async () => {
    const whole = await uninterrupted();
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 3);
    const lost = () => new ModelError("device-lost", "The GPU was lost (test).");
    training.breaks.push(lost());
    await run(training, session, 1);
    expect([training.renewals, training.loads]).toEqual([1, 1]);
    expect(await weightsOf(session)).toEqual(whole.weights);
    await session.close();
  });

  test("a device that is lost again and again ends in a failure that says so; the next run loads anew", async () => {
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 1);
    for (let loss = 0; loss < 2; loss++)
      training.breaks.push(new ModelError("device-lost", "The GPU was lost (test)."));
    const failed = training.next("failed");
    session.run(1);
    expect((await failed).failure).toEqual({ code: "device-lost", message: "The GPU was lost (test)." });
    expect(training.events.at(-1)).toMatchObject({ type: "notice", code: "device-lost" });
    await run(training, session, 1);
    expect(training.loads).toBe(2);
    expect(stepsIn(training.events).steps).toBe(2);
    await session.close();
  });
});

describe("back to a checkpoint", () => {
  test("what came after no longer stands, and the same comes again", async () => {
    const whole = await uninterrupted();
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 4);
    const paused = training.next("paused");
    session.back(2);
    expect((await paused).checkpoints.map(({ step }) => step)).toEqual([0, 2]);
    expect(training.events.at(-1)).toMatchObject({ type: "rewound", step: 2 });
    await run(training, session, 2);
    expect(await weightsOf(session)).toEqual(whole.weights);
    expect(trajectory(training.events).slice(-3)).toEqual(whole.trajectory.slice(-3));
    await session.close();
  });

  test("to the start: the untrained policy", async () => {
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 2);
    const trained = await weightsOf(session);
    const paused = training.next("paused");
    session.back(0);
    await paused;
    const start = await weightsOf(session);
    expect(start).not.toEqual(trained);
    const { before, after } = await session.answers("What is 1 + 1?");
    expect(after).toEqual(before);
    await session.close();
  });

  test("to a step without a checkpoint: nothing happens", async () => {
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 2);
    session.back(1);
    await session.pause();
    expect(training.events.some(({ type }) => type === "rewound")).toBe(false);
    await session.close();
  });
});

test("the start, the best and the last three checkpoints are kept", async () => {
  const training = testTraining();
  const session = begin(training, { evaluateEvery: 1 });
  const { checkpoints } = await run(training, session, 5);
  // All score alike, so that the first is the best.
  expect(checkpoints.map(({ step }) => step)).toEqual([0, 3, 4, 5]);
  expect(checkpointFiles().length).toBe(4);
  await session.close();
});

describe("without a place to keep it", () => {
  test("it runs all the same, says so once, and can go back", async () => {
    files.failures.set("getDirectory", new DOMException("No.", "SecurityError"));
    const training = testTraining();
    const session = begin(training);
    const state = await run(training, session, 2);
    expect(state).toMatchObject({ phase: "paused", kept: false });
    expect(state.checkpoints.map(({ step }) => step)).toEqual([0, 2]);
    expect(training.unsaved).toMatchObject([{ code: "storage" }]);
    expect(await session.text()).toBe(training.events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    const paused = training.next("paused");
    session.back(0);
    await paused;
    expect(training.events.at(-1)).toMatchObject({ type: "rewound", step: 0 });
    await session.close();
  });

  test("a disk that fills up in the middle: on in memory, from where it is", async () => {
    const training = testTraining();
    const session = begin(training);
    await run(training, session, 2);
    files.failures.set("write", new DOMException("The quota has been exceeded.", "QuotaExceededError"));
    const state = await run(training, session, 2);
    expect(state.kept).toBe(false);
    expect(state.checkpoints.map(({ step }) => step)).toEqual([0, 2, 4]);
    expect(stepsIn(training.events).steps).toBe(4);
    await session.close();
  });
});

test("while a run is in progress it waits, and a pause ends the waiting", async () => {
  const training = testTraining();
  let end: () => void = () => undefined;
  const turn = new Promise<void>((resolve) => (end = resolve));
  const session = begin({ ...training, parts: { ...training.parts, turn: () => turn } });
  session.run(1);
  await session.pause();
  expect(training.loads).toBe(0);
  const paused = training.next("paused");
  session.run(1);
  end();
  await paused;
  expect(stepsIn(training.events).steps).toBe(1);
  await session.close();
});

test("a pause while it loads ends the load; a run loads anew", async () => {
  const training = testTraining();
  const session = begin(training);
  session.run(null);
  await session.pause();
  expect(training.events).toEqual([]);
  await run(training, session, 1);
  expect(stepsIn(training.events).steps).toBe(1);
  await session.close();
});

function stepsIn(events: readonly LoggedEvent[]) {
  return { steps: 1 + Math.max(-1, ...events.flatMap((event) => (event.type === "step" ? [event.step] : []))) };
}
