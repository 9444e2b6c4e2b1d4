/** @file A model that is only handles, and a lab around it whose notices are kept. No engine, no storage. */
import { Lab, type LabParts } from "../../src/lab/lab.ts";
import type { LoadedModel, LoadOptions } from "../../src/lab/load-model.ts";
import type { Command, DeviceChoice, Failure, Notice, RunRequest } from "../../src/lab/protocol.ts";
import { scripted } from "../scripted.ts";

export const request: RunRequest = {
  prompt: "What is 2 + 3?",
  kind: "math",
  domain: null,
  item: null,
  seed: 1,
  groupSize: 2,
};

/** A load in progress, settled by the test. */
export interface TestLoad {
  readonly device: DeviceChoice;
  readonly options: LoadOptions;
  readonly model: LoadedModel;
  /** Loses the device; so does disposing of the model, as destroying a GPUDevice does. */
  readonly lose: (failure?: Failure) => void;
  disposed: number;
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

export function testLoad(device: DeviceChoice, options: LoadOptions): TestLoad & { loaded: Promise<LoadedModel> } {
  const { promise: loaded, resolve, reject } = deferred<LoadedModel>();
  const { promise: lost, resolve: lose } = deferred<Failure>();
  const loss: Failure = { code: "device-lost", message: "The GPU device was lost (test). Load the model again." };
  const load = {
    device,
    options,
    loaded,
    disposed: 0,
    lose: (failure = loss) => {
      lose(failure);
    },
    succeed: () => {
      resolve(load.model);
    },
    fail: reject,
    model: {
      model: Object.assign(scripted({ answer: () => "\\boxed{5}" }), {
        adapter: null,
      }) as unknown as LoadedModel["model"],
      sampling: { temperature: 1, topK: null, topP: null },
      maxTokens: 8,
      why: null,
      lost,
      dispose: () => {
        load.disposed++;
        lose(loss);
        return Promise.resolve();
      },
    } satisfies LoadedModel,
  };
  return load;
}

/** A lab with loads that the test settles, and everything it posted. */
export function testLab(parts: Partial<LabParts> = {}) {
  const notices: Notice[] = [];
  const loads: TestLoad[] = [];
  const unused = () => Promise.reject(new Error("not part of this test"));
  const lab = new Lab({
    post: (notice) => notices.push(notice),
    loadModel: (_, device, __, options) => {
      const load = testLoad(device, options);
      loads.push(load);
      return load.loaded;
    },
    runLab: unused,
    library: { list: unused, read: unused, remove: unused, restore: unused, import: unused },
    ...parts,
  });
  const load = async (device: DeviceChoice): Promise<void> => {
    lab.handle({ type: "model.load", model: "kitten", device, base: "http://page.test/" });
    await settled();
  };
  const start = (run: string): void => {
    lab.handle({ type: "run.start", run, request } satisfies Command);
  };
  /** Phases posted so far. */
  const phases = () => notices.filter((n) => n.type === "model").map((n) => n.state.phase);
  return { lab, notices, loads, load, start, phases };
}

/** After all that is due has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

export function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
