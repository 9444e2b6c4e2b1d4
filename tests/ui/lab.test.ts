/** @file The page's state around a run: runs that end without their last event, and a device that a link names meanwhile. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LabListener } from "../../src/lab/client.ts";
import type { DeviceChoice, ModelState } from "../../src/lab/protocol.ts";
import { Lab } from "../../src/ui/state/lab.svelte.ts";
import { fixtureRun } from "./fixture.ts";

const worker = vi.hoisted(() => ({
  listener: undefined as LabListener | undefined,
  loads: [] as string[],
  runs: 0,
}));

vi.mock("../../src/ui/rich-text.ts", () => ({ render: () => null }));
vi.mock("../../src/lab/client.ts", () => ({
  LabClient: class {
    constructor(listener: LabListener) {
      worker.listener = listener;
    }
    load(_: string, device: DeviceChoice): void {
      worker.loads.push(device);
    }
    start(): string {
      return `run-${++worker.runs}`;
    }
    dispose(): void {
      worker.listener = undefined;
    }
  },
}));

const log = fixtureRun();
const failure = { code: "unexpected", message: "It broke off. Run again." } as const;
const ready = { phase: "ready", why: null, adapter: null } as unknown as ModelState;
const failed: ModelState = { phase: "failed", failure };

let lab: Lab;
beforeEach(async () => {
  worker.loads = [];
  worker.runs = 0;
  lab = new Lab();
  lab.begin();
  worker.listener!.model(ready);
  await lab.start();
});
afterEach(() => {
  lab.dispose();
});

test("a run that breaks off is over, is said, and stays to be seen", async () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  expect(lab.running).toBe(true);
  worker.listener!.lost("run-1", failure);
  expect(lab.running).toBe(false);
  expect(lab.notes.map((note) => note.text)).toEqual(["The run could not go on: It broke off. Run again."]);
  expect(lab.stage!.cutShort).toBe(true);
  await lab.start();
  expect(lab.live!.id).toBe("run-2");
});

test("a run that never began is forgotten", () => {
  worker.listener!.lost("run-1", failure);
  expect([lab.running, lab.live, lab.stage]).toEqual([false, null, null]);
});

test("a model that fails ends the run for good: a new model does not bring it back", () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  worker.listener!.model(failed);
  worker.listener!.model(ready);
  expect(lab.running).toBe(false);
});

test("the last event of a run may come after its model has failed", () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  worker.listener!.model(failed);
  worker.listener!.events("run-1", log.slice(5));
  expect([lab.stage!.complete, lab.stage!.cutShort]).toEqual([true, false]);
});

test("a device that a link names during a run is loaded when the run ends", () => {
  worker.listener!.events("run-1", log.slice(0, 5));
  lab.followLink("#lab?device=wasm");
  expect(worker.loads).toEqual(["auto"]);
  worker.listener!.events("run-1", log.slice(5));
  expect(worker.loads).toEqual(["auto", "wasm"]);
});
