/** @file The plan of a batch: as asked where memory is enough, fewer rows where it is not, shorter answers, and at last a clear refusal. */
import { expect, test } from "vitest";
import { planBatch, type Wanted } from "../../src/engine/memory-plan.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { type EngineNotice, Runtime } from "../../src/engine/runtime.ts";
import type { Session } from "../../src/engine/session.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";
import { collect } from "./suite.ts";

const { ort } = await nodeRuntime();
/** Of the random model: two layers, keys and values, two heads of 32, four bytes, three copies. */
const TOKEN = 2 * 2 * 2 * 32 * 4 * 3;
const WEIGHTS = 1_000_000;

/** What a plan sees of a session. */
function planned(limit: number | null, wanted: Wanted, limits?: Partial<GPUSupportedLimits>) {
  const notices: EngineNotice[] = [];
  const runtime = Runtime.onCpu(ort, "node", limit);
  runtime.onNotice = (notice) => notices.push(notice);
  if (limits !== undefined) Object.defineProperty(runtime, "gpu", { value: { limits } });
  const caches = ["0.key", "0.value", "1.key", "1.value"].map((name) => ({ name, kvHeads: 2, headSize: 32 }));
  const session = { runtime, graph: { caches, cacheType: "float32" }, weightBytes: WEIGHTS } as unknown as Session;
  return { plan: planBatch(session, wanted), notices };
}

const wanted: Wanted = { rows: 8, tokens: 100, prompt: 40 };

test("as asked where memory is enough, and without a word", () => {
  expect(planned(null, wanted)).toEqual({ plan: { rows: 64, tokens: 100 }, notices: [] });
  expect(planned(WEIGHTS + 9 * 100 * TOKEN, wanted)).toEqual({ plan: { rows: 8, tokens: 100 }, notices: [] });
  expect(planned(null, { ...wanted, rows: 1000 }).plan.rows).toBe(64);
});

test("fewer rows, with the numbers", () => {
  const { plan, notices } = planned(WEIGHTS + 9 * 100 * TOKEN - 1, wanted);
  expect(plan).toEqual({ rows: 7, tokens: 100 });
  expect(notices).toEqual([
    { code: "fewer-rows", message: expect.stringMatching(/7 rows at once, not 8.*0\.954 MiB/) as string },
  ]);
});

test("shorter answers where not even two rows fit", () => {
  const { plan, notices } = planned(WEIGHTS + 150 * TOKEN, wanted);
  expect(plan).toEqual({ rows: 1, tokens: 75 });
  expect(notices).toEqual([
    { code: "shorter-answers", message: expect.stringContaining("75 tokens, not 100") as string },
  ]);
});

test("a prompt that does not fit is refused", () => {
  const error = { code: "out-of-memory", message: expect.stringMatching(/holds 40 tokens.*prompt has 40/) as string };
  expect(() => planned(WEIGHTS + 80 * TOKEN, wanted)).toThrow(expect.objectContaining(error) as Error);
  expect(() => planned(1, wanted)).toThrow(expect.objectContaining({ code: "out-of-memory" }) as Error);
});

test("a buffer of the GPU holds all rows of a layer", () => {
  const row = 100 * 2 * 32 * 4;
  const limits = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 5 * row };
  expect(planned(null, wanted, limits).plan.rows).toBe(4);
});

test("a run with little memory ends as one with enough, row by row", async () => {
  const request = {
    ...{ prompt: "<|user|>x<|end|><|assistant|>", n: 6, maxTokens: 12 },
    noise: { seed: 1, group: 0, purpose: "rollout" as const, rollout: 0 },
    sampling: { temperature: 1, topK: null, topP: null },
  };
  const files = randomLlama();
  const run = async (limit: number | null) => {
    const runtime = Runtime.onCpu(ort, "node", limit);
    const codes: string[] = [];
    runtime.onNotice = ({ code }) => codes.push(code);
    const model = await createLanguageModel({ runtime, files, entry: RANDOM_ENTRY });
    const rows = await collect(model, request);
    await model.dispose();
    return { codes, tokens: rows.map((row) => row.map(({ token }) => token)) };
  };
  const weights = files.bytes.get("onnx/model.onnx")!.length;
  const enough = await run(null);
  const little = await run(weights + 4 * 16 * TOKEN);
  expect(enough.codes).toEqual([]);
  expect(little.codes).toEqual(["fewer-rows"]);
  expect(little.tokens).toEqual(enough.tokens);
});
