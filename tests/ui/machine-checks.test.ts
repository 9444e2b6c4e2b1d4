/** @file What is said of a machine: nothing bad is called ready, what works with less is, and each trouble names its remedy. */
import { expect, test } from "vitest";
import type { ModelState } from "../../src/lab/protocol.ts";
import {
  graphicsCheck,
  isPrepared,
  keepingCheck,
  modelsCheck,
  offlineCheck,
  roomCheck,
  selfTestCheck,
} from "../../src/ui/state/machine-checks.ts";

const failed: ModelState = { phase: "failed", failure: { code: "storage", message: "Free some space." } };
const on = (device: "webgpu" | "wasm"): ModelState => ({
  phase: "ready",
  record: { id: "kitten", revision: null, dtype: "q8", device, files: [] },
  adapter: device === "wasm" ? null : { vendor: "acme", architecture: "", description: "", isFallback: false },
  domains: ["sums"],
  why: null,
});

test("graphics: WebGPU by its maker, the processor with the reason, nothing without a model", () => {
  expect(graphicsCheck(on("webgpu"), null)).toMatchObject({ state: "good", text: "WebGPU on acme." });
  expect(graphicsCheck(on("wasm"), "There is no WebGPU.")).toMatchObject({
    state: "fair",
    text: "There is no WebGPU.",
  });
  expect(graphicsCheck(failed, null).state).toBe("bad");
});

test("room: what is needed must fit into what is free; an unknown room is no failure", () => {
  const storage = { usage: 40, quota: 100 };
  expect(roomCheck(storage, 60).state).toBe("good");
  expect(roomCheck(storage, 61)).toMatchObject({ state: "bad", text: expect.stringContaining("Free space") as string });
  expect(roomCheck({ usage: 200, quota: 100 }, 0).state).toBe("good");
  expect(roomCheck(null, 1e12).state).toBe("fair");
});

test("offline: the page must be kept; the runtime for WebGPU only where it is used", () => {
  const kept = { ready: true, gpu: false, problem: null };
  expect(offlineCheck(kept, false).state).toBe("good");
  expect(offlineCheck(kept, true).state).toBe("fair");
  expect(offlineCheck({ ...kept, gpu: true }, true).state).toBe("good");
  expect(offlineCheck({ ready: false, gpu: false, problem: "No room." }, false)).toMatchObject({
    state: "bad",
    text: "No room.",
  });
});

test("models and their known answers: what is missing or wrong is named", () => {
  expect(modelsCheck([], []).state).toBe("good");
  expect(modelsCheck(["A q4", "B q4"], [{ title: "B", why: "The line is dead." }])).toMatchObject({
    state: "bad",
    text: "B: The line is dead.",
  });
  expect(selfTestCheck("Policy", on("wasm"))).toMatchObject({ state: "good", name: "Policy" });
  expect(selfTestCheck("Judge", failed)).toMatchObject({ state: "bad", text: "Free some space." });
  expect(selfTestCheck("Judge", { phase: "absent" }).state).toBe("bad");
});

test("a machine is prepared with less, but not with anything wrong", () => {
  const checks = [keepingCheck(false), graphicsCheck(on("wasm"), null)];
  expect(isPrepared(checks)).toBe(true);
  expect(isPrepared([...checks, selfTestCheck("Judge", failed)])).toBe(false);
});
