/** @file Trainings of the embedded policy by commands, in Node with the project's own files: loaded as in the page, saved, loaded back, the Lab's policy. Two rollouts, one step. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LanguageModel } from "../../src/cat/models.ts";
import { GREEDY } from "../../src/cat/options.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { loadTrained } from "../../src/lab/load-trained.ts";
import { trainingLoader } from "../../src/lab/load-training.ts";
import type {
  Notice,
  SavedTraining,
  TrainingAnswers,
  TrainingChoice,
  TrainingCommand,
  TrainingPhase,
  TrainingState,
  TrainingSummary,
} from "../../src/lab/protocol.ts";
import { Trainings } from "../../src/lab/trainings.ts";
import type { LoadedTraining } from "../../src/lab/loaded-training.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";

vi.setConfig({ testTimeout: 60_000 });

const ROOT = join(import.meta.dirname, "../..");
const BASE = "http://page.test/";

vi.mock("../../src/engine/device.ts", () => ({ probeAdapter: () => Promise.resolve(null) }));
vi.mock("../../src/engine/page-runtime.ts", async () => {
  const { nodeRuntime: browserRuntime } = await import("../../src/engine/node-runtime.ts");
  return { browserRuntime };
});

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
  vi.stubGlobal("fetch", async (address: string | URL) => {
    const path = new URL(address).href.replace(BASE, "");
    const bytes = await readFile(join(ROOT, path)).catch(() => null);
    return new Response(bytes, { status: bytes === null ? 404 : 200 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const choice: TrainingChoice = {
  ...{ domain: "sums", seed: 1, rollouts: 4, tasks: 4, items: 2, evaluateEvery: 1, lengthPenalty: null },
  ...{ kl: 0, learningRate: 5e-3, aggregator: "majority", rubricFrom: "reference", anchor: "frozen", reward: "cat" },
};

type Reply = Extract<Notice, { type: "answer" | "refused" }>;

/** A desk whose notices are kept, and the training that it loaded last. */
function desk() {
  const notices: Notice[] = [];
  const load = trainingLoader(Object.assign(createNodeRunner(), { rest: () => undefined }));
  let loaded: LoadedTraining | null = null;
  let calls = 0;
  const trainings = new Trainings({
    post: (notice) => notices.push(notice),
    load: async (...args) => (loaded = await load(...args)),
    turn: () => Promise.resolve(),
  });
  const found = <T>(find: () => T | undefined): Promise<T> =>
    vi.waitFor(
      () => {
        const one = find();
        if (one === undefined) throw new Error("not yet");
        return one;
      },
      { timeout: 60_000, interval: 5 },
    );
  /** The first state of that phase that follows the command. */
  function once(command: TrainingCommand, wanted: TrainingPhase): Promise<TrainingState> {
    const from = notices.length;
    trainings.handle(command);
    return found(() => {
      const states = notices.slice(from).flatMap((notice) => (notice.type === "training" ? [notice.state] : []));
      return states.find(({ phase }) => phase === wanted);
    });
  }
  async function call<T>(command: (call: number) => TrainingCommand): Promise<T> {
    const number = ++calls;
    trainings.handle(command(number));
    const isReply = (notice: Notice): notice is Reply =>
      (notice.type === "answer" || notice.type === "refused") && notice.call === number;
    const reply = await found(() => notices.find(isReply));
    if (reply.type === "refused") throw new Error(`${reply.failure.code}: ${reply.failure.message}`);
    return reply.value as T;
  }
  const save = (as: "hub" | "onnx" | "run", training = "t") =>
    call<SavedTraining>((number) => ({ type: "trainings.save", call: number, training, as, base: BASE }));
  const list = () => call<readonly TrainingSummary[]>((number) => ({ type: "trainings.list", call: number }));
  return { trainings, notices, once, call, save, list, loaded: () => loaded! };
}

/** A training of one step that rests. */
async function trained() {
  const made = desk();
  const { trainings, once } = made;
  trainings.handle({ type: "training.start", training: "t", choice, device: "auto", base: BASE });
  await once({ type: "training.pause" }, "paused");
  await once({ type: "training.run", steps: 1 }, "paused");
  return made;
}

const PROMPT = "What is 12 + 30?";

async function greedy(model: LanguageModel): Promise<number[]> {
  const prompt = model.render([{ role: "user", content: PROMPT }]);
  const noise = { seed: 1, group: 0, purpose: "rollout", rollout: 0 } as const;
  const tokens: number[] = [];
  for await (const { token } of model.generate([{ prompt, n: 1, noise, sampling: GREEDY, maxTokens: 48 }])) {
    tokens.push(token);
  }
  return tokens;
}

test("a policy that was trained says the same in training, as the Lab's policy, and from what was saved of it", async () => {
  const { trainings, loaded, save, list, call } = await trained();
  const { trainee } = loaded();
  const tokens = await greedy(trainee.policy);
  expect(await greedy(trainee.initialPolicy)).not.toEqual(tokens);

  const options = { progress: () => undefined, stop: new AbortController().signal };
  const asLab = async (id: string) => loadTrained(`training:${id}`, await trainings.policy(id), "auto", BASE, options);
  const policy = await asLab("t");
  expect(await greedy(policy.model)).toEqual(tokens);
  expect(policy.model.record).toMatchObject({ id: "training:t", revision: null, dtype: "fp32" });
  // Beside it the start, as it ships.
  expect(policy.anchor!.record).toMatchObject({ id: "kitten", dtype: "q8" });
  expect(await greedy(policy.anchor!)).toEqual(await greedy(trainee.initialPolicy));
  await policy.dispose();

  const { name, bytes } = await save("hub");
  expect(name).toBe("cat-lab-training-t.zip");
  const folder = unzipSync(new Uint8Array(bytes));
  expect(Object.keys(folder).sort()).toEqual([
    ...["config.json", "generation_config.json", "model.safetensors", "onnx/model.onnx"],
    ...["tokenizer.json", "tokenizer_config.json", "training.jsonl"],
  ]);
  expect(JSON.parse(new TextDecoder().decode(folder["config.json"]))).toMatchObject({ torch_dtype: "float32" });
  // Buffers, since vitest compares megabytes number by number.
  expect(Buffer.from((await save("onnx")).bytes).equals(folder["onnx/model.onnx"]!)).toBe(true);

  // The folder as it is, without anything of a training.
  const runtime = await nodeRuntime();
  const entry = { id: "saved", revision: null, dtype: "fp32", promptSet: "kitten", contextLength: 4096 } as const;
  const saved = await createLanguageModel({
    runtime,
    entry,
    files: { records: [], bytes: new Map(Object.entries(folder)) },
  });
  expect(await greedy(saved)).toEqual(tokens);
  await saved.dispose();

  // As in another browser.
  files.bytes.clear();
  const summary = await call<TrainingSummary>((number) => ({ type: "trainings.load", call: number, bytes }));
  expect(summary).toMatchObject({ domain: "sums", seed: 1, steps: 1, ended: true });
  expect(await list()).toEqual([{ ...summary, bytes: expect.any(Number) as number }]);
  const again = await asLab(summary.id);
  expect(await greedy(again.model)).toEqual(tokens);
  await again.dispose();
});

test("one that was loaded has ended: it answers, and learns no more", async () => {
  const { save, call, trainings, once, notices } = await trained();
  const { bytes } = await save("hub");
  const { id } = await call<TrainingSummary>((number) => ({ type: "trainings.load", call: number, bytes }));
  const state = await once({ type: "training.continue", training: id, device: "auto", base: BASE }, "ended");
  expect(state.checkpoints.map(({ step }) => step)).toEqual([1]);
  const { before, after } = await call<TrainingAnswers>((number) => {
    return { type: "training.answers", call: number, prompt: PROMPT };
  });
  expect(before.samples).toHaveLength(4);
  expect(after).not.toEqual(before);
  const { length } = notices;
  trainings.handle({ type: "training.run", steps: 1 });
  await trainings.giveWay();
  expect(notices.slice(length).filter(({ type }) => type === "events")).toEqual([]);
});

test("what is kept is listed with what it came to, read, and removed with all of its files", async () => {
  const { list, call, notices, once } = await trained();
  const [summary] = await list();
  const scores = notices
    .flatMap((notice) => (notice.type === "events" ? notice.events : []))
    .flatMap((event) => (event.type === "evaluation" && event.aggregator === undefined ? [event.score.mean] : []));
  expect(summary).toMatchObject({ id: "t", domain: "sums", seed: 1, steps: 1, first: scores[0], last: scores[1] });
  expect(summary!.ended).toBe(false);
  const text = await call<string>((number) => ({ type: "trainings.read", call: number, training: "t" }));
  expect(text.trimEnd().split("\n").length).toBe(
    notices.flatMap((notice) => (notice.type === "events" ? notice.events : [])).length,
  );
  await call((number) => ({ type: "trainings.remove", call: number, training: "t" }));
  expect([...files.bytes.keys()]).toEqual([]);
  expect(await list()).toEqual([]);
  const gone = await once({ type: "training.continue", training: "t", device: "auto", base: BASE }, "failed");
  expect(gone.failure).toMatchObject({ code: "storage" });
});

test("a run that begins pauses it, with a word in its log; one that rests is left alone", async () => {
  const { trainings, once, notices } = await trained();
  await trainings.giveWay();
  await once({ type: "training.run", steps: null }, "running");
  await trainings.giveWay();
  const told = notices
    .flatMap((notice) => (notice.type === "events" ? notice.events : []))
    .filter(({ type }) => type === "notice");
  expect(told).toMatchObject([{ code: "paused-for-run" }]);
});

test.each([
  ["what is no zip", new Uint8Array([1, 2, 3])],
  ["a zip of something else", zipSync({ "a.txt": new Uint8Array(3) })],
  ["one whose log is none", zipSync({ "training.jsonl": new Uint8Array(3), "model.safetensors": new Uint8Array(3) })],
])("%s is refused, saying what to choose", async (_, bytes) => {
  const { call } = desk();
  const load = call((number) => ({ type: "trainings.load", call: number, bytes: new Uint8Array(bytes).buffer }));
  await expect(load).rejects.toThrow(/run-invalid: This is no saved training .* Choose a zip/);
});
