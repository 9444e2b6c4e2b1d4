/** @file A model that is only handles, and a lab around it whose notices are kept. No engine, no storage. */
import type { EngineNotice } from "../../src/engine/runtime.ts";
import { Lab, type LabParts } from "../../src/lab/lab.ts";
import type { LoadedJudge } from "../../src/lab/load-judge.ts";
import type { LoadedModel } from "../../src/lab/load-model.ts";
import type {
  Command,
  DeviceChoice,
  Failure,
  LoadedRole,
  ModelState,
  Notice,
  RunRequest,
} from "../../src/lab/protocol.ts";
import type { LoadOptions } from "../../src/lab/start-model.ts";
import { scripted } from "../scripted.ts";

export const request: RunRequest = {
  prompt: "What is 2 + 3?",
  kind: "math",
  domain: null,
  item: null,
  seed: 1,
  groupSize: 2,
};

export const openRequest: RunRequest = { ...request, prompt: "How do I rest?", kind: "open", domain: "advice" };

/** The judge's load beside a policy, settled by the test. */
export interface TestJudge {
  readonly options: LoadOptions;
  readonly model: LoadedJudge["model"];
  readonly device: TestDevice;
  disposed: number;
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** A load in progress, settled by the test. */
export interface TestLoad {
  readonly choice: DeviceChoice;
  readonly options: LoadOptions;
  readonly model: LoadedModel;
  readonly device: TestDevice;
  /** What was asked of `model.loadJudge`, in order. */
  readonly judges: TestJudge[];
  /** Loses the device; so does disposing of the model, as destroying a GPUDevice does. */
  readonly lose: (failure?: Failure) => void;
  disposed: number;
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** What a model runs on, as far as it says what it does otherwise than asked. */
export class TestDevice {
  #listener: ((notice: EngineNotice) => void) | null = null;

  get heard(): boolean {
    return this.#listener !== null;
  }

  readonly onNotice: LoadedModel["onNotice"] = (listener) => {
    this.#listener = listener;
  };

  /** Nobody may be listening. */
  notify(notice: EngineNotice): void {
    this.#listener?.(notice);
  }
}

export function testLoad(choice: DeviceChoice, options: LoadOptions): TestLoad & { loaded: Promise<LoadedModel> } {
  const { promise: loaded, resolve, reject } = deferred<LoadedModel>();
  const { promise: lost, resolve: lose } = deferred<Failure>();
  const loss: Failure = { code: "device-lost", message: "The GPU device was lost (test). Load the model again." };
  const judges: TestJudge[] = [];
  const device = new TestDevice();
  const load = {
    choice,
    device,
    options,
    loaded,
    judges,
    disposed: 0,
    lose: (failure = loss) => {
      lose(failure);
    },
    succeed: () => {
      resolve(load.model);
    },
    fail: reject,
    model: {
      model: named("policy"),
      anchor: null,
      domains: ["sums"],
      sampling: { temperature: 1, topK: null, topP: null },
      maxTokens: 8,
      why: null,
      lost,
      onNotice: device.onNotice,
      loadJudge: (judgeOptions) => {
        const judge = testJudge(judgeOptions);
        judges.push(judge);
        return judge.loaded;
      },
      dispose: () => {
        load.disposed++;
        lose(loss);
        return Promise.resolve();
      },
    } satisfies LoadedModel,
  };
  return load;
}

/** A scripted model as if loaded, with weights of its own. It answers 5, and writes five criteria when asked for a rubric. */
export function named(id: string): LoadedModel["model"] {
  const answer = (prompt: string) =>
    prompt.includes("criteria") ? ["a", "b", "c", "d", "e"].map((text) => `- ${text}`).join("\n") : "\\boxed{5}";
  const model = scripted({ answer, yes: () => 0.9 });
  const files = [
    { path: "onnx/model.onnx", bytes: 1, sha256: Buffer.from(id).toString("hex").padEnd(64, "0") },
    { path: "tokenizer.json", bytes: 1, sha256: "f".repeat(64) },
  ];
  const record = { ...model.record, id, files };
  return Object.assign(model, { record, adapter: null });
}

function testJudge(options: LoadOptions): TestJudge & { loaded: Promise<LoadedJudge> } {
  const { promise: loaded, resolve, reject } = deferred<LoadedJudge>();
  const model = named("judge");
  const device = new TestDevice();
  const judge = {
    options,
    model,
    device,
    loaded,
    disposed: 0,
    succeed: () => {
      const dispose = (): Promise<void> => {
        judge.disposed++;
        return Promise.resolve();
      };
      resolve({ model, domains: [], why: null, onNotice: device.onNotice, dispose });
    },
    fail: reject,
  };
  return judge;
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
    loadServed: unused,
    loadJudge: (_, policy, options) => policy.loadJudge(options),
    serveAnchor: unused,
    checkServer: unused,
    runLab: unused,
    changeRun: unused,
    trainings: unused,
    placePrompt: unused,
    library: { list: unused, read: unused, remove: unused, restore: unused, import: unused },
    ...parts,
  });
  const load = async (device: DeviceChoice, model = "kitten"): Promise<void> => {
    lab.handle({ type: "model.load", model, device, base: "http://page.test/" });
    await settled();
  };
  const loadJudge = async (): Promise<void> => {
    lab.handle({ type: "judge.load" });
    await settled();
  };
  const start = (run: string, asked = request): void => {
    lab.handle({ type: "run.start", run, request: asked } satisfies Command);
  };
  /** Phases posted so far, of one role. */
  const phases = (role: LoadedRole = "policy") =>
    notices.filter((n) => n.type === "model" && n.role === role).map((n) => (n as { state: ModelState }).state.phase);
  return { lab, notices, loads, load, loadJudge, start, phases };
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
