/** @file The worker's order of things: changing models while they load, losing them, runs that cannot begin or break off. */
import { describe, expect, test } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { deferred, settled, testLab } from "./parts.ts";

describe("changing the model", () => {
  test("WebGPU, wasm, WebGPU while the first loads: only the last speaks, and it stays", async () => {
    const { notices, loads, load, phases, start } = testLab({ runLab: () => Promise.resolve() });
    await load("webgpu");
    await load("wasm");
    await load("webgpu");
    loads[0]!.options.progress({ phase: "checking" });
    loads[0]!.succeed();
    await settled();
    expect(loads[0]!.disposed).toBe(1);
    // The one between was given up before it began.
    expect(loads.map((l) => l.choice)).toEqual(["webgpu", "webgpu"]);
    expect(phases()).toEqual([]);
    loads[1]!.options.progress({ phase: "starting" });
    loads[1]!.succeed();
    await settled();
    expect(phases()).toEqual(["starting", "ready"]);
    start("r");
    await settled();
    expect(notices.filter((n) => n.type === "run.lost")).toEqual([]);
  });

  test("the next load gives the one before up", async () => {
    const { loads, load } = testLab();
    await load("webgpu");
    expect(loads[0]!.options.stop.aborted).toBe(false);
    await load("wasm");
    expect(loads[0]!.options.stop.aborted).toBe(true);
  });

  test("the same again is not loaded twice", async () => {
    const { loads, load } = testLab();
    await load("wasm");
    await load("wasm");
    expect(loads).toHaveLength(1);
  });

  test("a model that cannot be freed does not keep the next from loading", async () => {
    const { loads, load, phases } = testLab();
    await load("webgpu");
    Object.assign(loads[0]!.model, { dispose: () => Promise.reject(new Error("release failed")) });
    loads[0]!.succeed();
    await settled();
    await load("wasm");
    loads[1]!.succeed();
    await settled();
    expect(phases()).toEqual(["ready", "ready"]);
  });
});

describe("a model that fails", () => {
  test("says so once, and is loaded anew when asked for again", async () => {
    const { loads, load, notices } = testLab();
    await load("wasm");
    loads[0]!.fail(new ModelError("file-missing", "model.onnx is not there. Try again."));
    await settled();
    expect(notices).toEqual([
      {
        type: "model",
        role: "policy",
        state: { phase: "failed", failure: { code: "file-missing", message: "model.onnx is not there. Try again." } },
      },
    ]);
    await load("wasm");
    expect(loads).toHaveLength(2);
  });

  test("a lost device is said, and the old session is freed before the next is made", async () => {
    const { loads, load, phases } = testLab();
    await load("webgpu");
    loads[0]!.succeed();
    await settled();
    loads[0]!.lose();
    await settled();
    expect(phases()).toEqual(["ready", "failed"]);
    await load("webgpu");
    expect(loads[0]!.disposed).toBe(1);
    expect(loads).toHaveLength(2);
  });
});

describe("a run that cannot be", () => {
  test("without a model", async () => {
    const { start, notices } = testLab();
    start("r");
    await settled();
    expect(notices).toMatchObject([
      { type: "run.lost", run: "r", failure: { message: expect.stringMatching(/No model is loaded/) as string } },
    ]);
  });

  test("with a model that fails to load", async () => {
    const { start, load, loads, notices } = testLab();
    await load("wasm");
    start("r");
    loads[0]!.fail(new ModelError("file-damaged", "cut"));
    await settled();
    expect(notices).toContainEqual({ type: "run.lost", run: "r", failure: { code: "file-damaged", message: "cut" } });
  });

  test("with a model whose device was lost", async () => {
    const { start, load, loads, notices } = testLab();
    await load("webgpu");
    loads[0]!.succeed();
    await settled();
    loads[0]!.lose();
    await settled();
    start("r");
    await settled();
    expect(notices.at(-1)).toMatchObject({ type: "run.lost", run: "r", failure: { code: "device-lost" } });
  });

  test("with a log that breaks off", async () => {
    const runLab = () => Promise.reject(new RangeError('"logprob" of a rollout.delta event is NaN'));
    const { start, load, loads, notices } = testLab({ runLab });
    await load("wasm");
    loads[0]!.succeed();
    start("r");
    await settled();
    expect(notices.at(-1)).toEqual({
      type: "run.lost",
      run: "r",
      failure: { code: "unexpected", message: '"logprob" of a rollout.delta event is NaN' },
    });
  });
});

test("two runs in one tick: the first is stopped and over before the second begins", async () => {
  const log: string[] = [];
  const { start, load, loads } = testLab({
    runLab: async (run, _, __, stop) => {
      log.push(`${run} begins${stop.aborted ? " stopped" : ""}`);
      await settled();
      log.push(`${run} ends`);
    },
  });
  await load("wasm");
  loads[0]!.succeed();
  start("a");
  start("b");
  await settled();
  await settled();
  await settled();
  expect(log).toEqual(["a begins stopped", "a ends", "b begins", "b ends"]);
});

test("a new model waits for the run of the old one, which is stopped", async () => {
  const end = deferred<undefined>();
  let aborted = false;
  const { start, load, loads, phases } = testLab({
    runLab: async (_, __, ___, stop) => {
      stop.addEventListener("abort", () => (aborted = true));
      await end.promise;
    },
  });
  await load("webgpu");
  loads[0]!.succeed();
  start("r");
  await settled();
  await load("wasm");
  expect([aborted, loads[0]!.disposed, loads.length]).toEqual([true, 0, 1]);
  end.resolve(undefined);
  await settled();
  expect([loads[0]!.disposed, loads.length]).toEqual([1, 2]);
  // Its device was destroyed on purpose: that is no loss.
  expect(phases()).toEqual(["ready"]);
});

test("a library call is answered under its number, or refused with the reason", async () => {
  const { lab, notices } = testLab();
  lab.handle({ type: "runs.list", call: 7 });
  await settled();
  expect(notices).toEqual([
    { type: "refused", call: 7, failure: { code: "unexpected", message: "not part of this test" } },
  ]);
});

describe("trainings", () => {
  const desk = () => {
    const heard: string[] = [];
    const way = deferred<undefined>();
    const trainings = {
      handle: ({ type }: { type: string }) => void heard.push(type),
      giveWay: () => {
        heard.push("giveWay");
        return way.promise;
      },
    };
    return { heard, way, trainings };
  };

  test("commands come in their order; a run begins once the training has given way", async () => {
    const { heard, way, trainings } = desk();
    const { lab, load, loads, start } = testLab({
      trainings: () => Promise.resolve(trainings),
      runLab: () => {
        heard.push("run");
        return Promise.resolve();
      },
    });
    lab.handle({ type: "training.run", steps: null });
    lab.handle({ type: "training.pause" });
    await load("wasm");
    loads[0]!.succeed();
    start("r");
    await settled();
    expect(heard).toEqual(["training.run", "training.pause", "giveWay"]);
    way.resolve(undefined);
    await settled();
    expect(heard.at(-1)).toBe("run");
  });

  test("without one, nothing of them is fetched for a run", async () => {
    const { load, loads, start, notices } = testLab({ runLab: () => Promise.resolve() });
    await load("wasm");
    loads[0]!.succeed();
    start("r");
    await settled();
    expect(notices.filter(({ type }) => type === "run.lost")).toEqual([]);
  });

  test("whose turn it is: not while a run is in progress, nor one that came meanwhile", async () => {
    const ends = [deferred<undefined>(), deferred<undefined>()];
    let begun = 0;
    const { lab, load, loads, start } = testLab({ runLab: () => ends[begun++]!.promise });
    await load("wasm");
    loads[0]!.succeed();
    start("a");
    await settled();
    let mine = false;
    void lab.turn().then(() => (mine = true));
    start("b");
    ends[0]!.resolve(undefined);
    await settled();
    expect([begun, mine]).toEqual([2, false]);
    ends[1]!.resolve(undefined);
    await settled();
    expect(mine).toBe(true);
  });

  test("what cannot be fetched is said, to a call and to a training, and tried again", async () => {
    let tries = 0;
    const trainings = () => {
      tries++;
      return Promise.reject(new Error("no connection"));
    };
    const { lab, notices } = testLab({ trainings });
    lab.handle({ type: "trainings.list", call: 4 });
    await settled();
    lab.handle({ type: "training.continue", training: "t", device: "auto", base: "http://page.test/" });
    await settled();
    expect(tries).toBe(2);
    expect(notices).toMatchObject([
      { type: "refused", call: 4, failure: { message: "no connection" } },
      { type: "training", training: "t", state: { phase: "failed", failure: { message: "no connection" } } },
    ]);
  });
});
