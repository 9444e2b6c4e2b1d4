/** @file The judge beside the policy: loaded when an open question needs it or ahead of time, kept, given up, freed before the policy, loaded anew with it. */
import { describe, expect, test } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import type { RunModels } from "../../src/lab/run-lab.ts";
import { deferred, openRequest, request, settled, testLab } from "./parts.ts";

/** A lab with its policy loaded, and the models of each run that began. */
async function readyLab() {
  const ran: (RunModels & { readonly run: string; readonly stopped: boolean })[] = [];
  const lab = testLab({
    runLab: (run, _, models, stop) => {
      ran.push({ run, ...models, stopped: stop.aborted });
      return Promise.resolve();
    },
  });
  await lab.load("wasm");
  lab.loads[0]!.succeed();
  await settled();
  return { ...lab, ran, policy: lab.loads[0]! };
}

describe("loading", () => {
  test("only an open question loads it, and its run waits for it", async () => {
    const { start, policy, ran, phases } = await readyLab();
    start("sum", request);
    await settled();
    expect([policy.judges.length, ran.length]).toEqual([0, 1]);
    start("advice", openRequest);
    await settled();
    const [judge] = policy.judges;
    expect(ran.length).toBe(1);
    judge!.options.progress({ phase: "downloading", loadedBytes: 1, totalBytes: 2 });
    judge!.succeed();
    await settled();
    expect(ran[1]).toMatchObject({ run: "advice", judgeFailure: null });
    expect(ran[1]!.judge?.model).toBe(judge!.model);
    expect(ran[0]!.judge).toBeNull();
    expect(phases("judge")).toEqual(["downloading", "ready"]);
    expect(phases("policy")).toEqual(["ready"]);
  });

  test("ahead of time, also before the policy is there, and once", async () => {
    const { load, loads, loadJudge, start, phases } = testLab({ runLab: () => Promise.resolve() });
    await loadJudge();
    await load("wasm");
    await loadJudge();
    await loadJudge();
    loads[0]!.succeed();
    await settled();
    start("advice", openRequest);
    await settled();
    loads[0]!.judges[0]!.succeed();
    await settled();
    await loadJudge();
    expect(loads[0]!.judges.length).toBe(1);
    expect(phases("judge")).toEqual(["ready"]);
  });
});

describe("a judge that fails", () => {
  test("fails the run, not the policy, and the next run tries again", async () => {
    const { start, policy, ran, phases } = await readyLab();
    start("first", openRequest);
    await settled();
    policy.judges[0]!.fail(new ModelError("file-damaged", "model.onnx is cut. Load the model again."));
    await settled();
    expect(ran[0]!.judge).toBeNull();
    expect(ran[0]!.judgeFailure).toMatchObject({
      code: "file-damaged",
      message: "The judge could not be loaded: model.onnx is cut. Load the model again.",
    });
    expect([phases("judge"), phases("policy")]).toEqual([["failed"], ["ready"]]);
    start("second", openRequest);
    await settled();
    policy.judges[1]!.succeed();
    await settled();
    expect(ran[1]!.judge?.model).toBe(policy.judges[1]!.model);
  });
});

describe("a policy that is lost while its judge loads", () => {
  test("is what the run fails of, not a choice of the visitor", async () => {
    const { start, policy, ran } = await readyLab();
    start("r", openRequest);
    await settled();
    policy.lose();
    await settled();
    const { stop } = policy.judges[0]!.options;
    expect(stop.aborted).toBe(true);
    policy.judges[0]!.fail(stop.reason as Error);
    await settled();
    expect(ran[0]!.judgeFailure).toMatchObject({ code: "device-lost" });
  });
});

describe("another open run while it loads", () => {
  test("goes on with the same load", async () => {
    const { start, policy, ran } = await readyLab();
    start("first", openRequest);
    await settled();
    start("second", openRequest);
    await settled();
    expect(policy.judges).toHaveLength(1);
    policy.judges[0]!.succeed();
    await settled();
    expect(ran.at(-1)).toMatchObject({ run: "second", judge: { model: policy.judges[0]!.model } });
  });
});

describe("stopping while it loads", () => {
  test("the run ends at once and the load is given up", async () => {
    const { lab, start, policy, ran, phases } = await readyLab();
    start("r", openRequest);
    await settled();
    lab.handle({ type: "run.stop" });
    await settled();
    expect(ran).toMatchObject([{ run: "r", judge: null, judgeFailure: null, stopped: true }]);
    expect([policy.judges[0]!.options.stop.aborted, phases("judge")]).toEqual([true, ["absent"]]);
    // It may come all the same: then it is freed, and says nothing.
    policy.judges[0]!.options.progress({ phase: "checking" });
    policy.judges[0]!.succeed();
    await settled();
    expect([policy.judges[0]!.disposed, phases("judge")]).toEqual([1, ["absent"]]);
    start("again", openRequest);
    await settled();
    policy.judges[1]!.succeed();
    await settled();
    expect(ran[1]!.judge?.model).toBe(policy.judges[1]!.model);
  });

  test("a run that waits for the policy is stopped as well", async () => {
    const { lab, load, loads, start, notices } = testLab();
    await load("wasm");
    start("r", openRequest);
    await settled();
    lab.handle({ type: "run.stop" });
    await settled();
    expect(notices).toMatchObject([
      { type: "run.lost", run: "r", failure: { message: expect.stringMatching(/stopped while/) as string } },
    ]);
    expect(loads[0]!.options.stop.aborted).toBe(false);
  });
});

describe("freeing", () => {
  test("another device: the judge goes before the policy, and both are loaded anew", async () => {
    const { load, loads, loadJudge, policy, phases, notices } = await readyLab();
    await loadJudge();
    const [judge] = policy.judges;
    judge!.succeed();
    await settled();
    let judgesGoneFirst = false;
    Object.assign(policy.model, {
      dispose: () => {
        judgesGoneFirst = judge!.disposed === 1;
        policy.disposed++;
        return Promise.resolve();
      },
    });
    await load("webgpu");
    expect([judge!.disposed, judgesGoneFirst, policy.disposed]).toEqual([1, true, 1]);
    loads[1]!.succeed();
    await settled();
    loads[1]!.judges[0]!.succeed();
    await settled();
    expect(phases("judge")).toEqual(["ready", "absent", "ready"]);
    expect(notices.at(-1)).toMatchObject({ role: "judge", state: { phase: "ready" } });
  });

  test("another model: the judge is unloaded, and comes back when it is needed", async () => {
    const { load, loads, loadJudge, policy, phases, start, ran } = await readyLab();
    await loadJudge();
    policy.judges[0]!.succeed();
    await settled();
    await load("wasm", "other");
    loads[1]!.succeed();
    await settled();
    expect([policy.judges[0]!.disposed, loads[1]!.judges.length, phases("judge")]).toEqual([1, 0, ["ready", "absent"]]);
    start("r", openRequest);
    await settled();
    loads[1]!.judges[0]!.succeed();
    await settled();
    expect(ran[0]!.judge?.model).toBe(loads[1]!.judges[0]!.model);
  });

  test("not under a run that uses it", async () => {
    const end = deferred<undefined>();
    const { load, loads, loadJudge, start } = testLab({ runLab: () => end.promise });
    await load("wasm");
    loads[0]!.succeed();
    await loadJudge();
    const [judge] = loads[0]!.judges;
    judge!.succeed();
    start("r", openRequest);
    await settled();
    await load("webgpu");
    expect([judge!.disposed, loads[0]!.disposed]).toEqual([0, 0]);
    end.resolve(undefined);
    await settled();
    expect([judge!.disposed, loads[0]!.disposed]).toEqual([1, 1]);
  });

  test("with its device, when that is lost", async () => {
    const { loadJudge, policy, phases } = await readyLab();
    await loadJudge();
    policy.judges[0]!.succeed();
    await settled();
    policy.lose();
    await settled();
    expect([phases("judge"), phases("policy")]).toEqual([
      ["ready", "absent"],
      ["ready", "failed"],
    ]);
    expect(policy.judges[0]!.disposed).toBe(1);
  });

  test("a judge asked for beside a policy that fails says nothing of its own", async () => {
    const { load, loads, loadJudge, phases } = testLab();
    await load("wasm");
    await loadJudge();
    loads[0]!.fail(new ModelError("file-missing", "gone"));
    await settled();
    expect([phases("policy"), phases("judge")]).toEqual([["failed"], ["absent"]]);
    await loadJudge();
    expect(phases("judge")).toEqual(["absent"]);
  });
});

describe("a person's change", () => {
  test("hears what the devices of its models do otherwise than asked, as long as it lasts", async () => {
    const seen: unknown[] = [];
    const { lab, load, loads, loadJudge } = testLab({
      changeRun: async (_, { anchor, judge, notices }) => {
        await Promise.all([anchor(), judge()]);
        policy.device.notify({ code: "device-renewed", message: "It came back." });
        policy.judges[0]!.device.notify({ code: "fewer-rows", message: "2, not 8." });
        seen.push(...notices());
        return true;
      },
    });
    await load("wasm");
    const policy = loads[0]!;
    policy.succeed();
    await loadJudge();
    policy.judges[0]!.succeed();
    await settled();
    lab.handle({ type: "run.change", call: 1, run: "r", log: "", change: { of: "again" } });
    await settled();
    expect(seen).toEqual([
      { type: "notice", code: "device-renewed", message: "It came back." },
      { type: "notice", code: "fewer-rows", message: "2, not 8." },
    ]);
    expect([policy.device.heard, policy.judges[0]!.device.heard]).toEqual([false, false]);
  });
});
