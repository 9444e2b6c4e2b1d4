/** @file Calls that overlap: each gets its own rows and nothing else, whatever becomes of the others. That rows are right is in the suite of all devices. */
import { afterEach, expect, test, vi } from "vitest";
import { ModelError, type GenerateRequest, type SampledToken } from "../../src/cat/models.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { OrtSession } from "../../src/engine/ort.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";
import { collect } from "./suite.ts";

const model = await createLanguageModel({ runtime: await nodeRuntime(), files: randomLlama(), entry: RANDOM_ENTRY });

afterEach(() => vi.restoreAllMocks());

function request(group: number, n = 3): GenerateRequest {
  return {
    ...{ prompt: `<|user|>${"word ".repeat(group)}<|end|><|assistant|>`, n, maxTokens: 12 },
    noise: { seed: 1, group, purpose: "rollout", rollout: 0 },
    sampling: { temperature: 1, topK: null, topP: null },
  };
}

const tokens = (rows: readonly (readonly SampledToken[])[]): number[][] =>
  rows.map((row) => row.map(({ token }) => token));

test("who leaves early, or stops, takes nobody along, and the next call finds nothing of theirs", async () => {
  const alone = tokens(await collect(model, request(2)));
  const stop = new AbortController();
  const leaving = (async () => {
    for await (const _ of model.generate([request(0)])) return;
  })();
  const stopping = (async () => {
    for await (const _ of model.generate([request(1)], stop.signal)) stop.abort(new Error("enough"));
  })();
  const staying = collect(model, request(2));
  await leaving;
  await expect(stopping).rejects.toThrow("enough");
  expect(tokens(await staying)).toEqual(alone);
  expect(tokens(await collect(model, request(2)))).toEqual(alone);
});

test("who is slow loses nothing", async () => {
  const alone = tokens(await collect(model, request(4)));
  const slow: SampledToken[][] = [[], [], []];
  const generating = model.generate([request(4)])[Symbol.asyncIterator]();
  const first = await generating.next();
  if (first.done === true) throw new Error("it has tokens");
  slow[first.value.row]!.push(first.value);
  await collect(model, request(5));
  for (let next = await generating.next(); next.done !== true; next = await generating.next()) {
    slow[next.value.row]!.push(next.value);
  }
  expect(tokens(slow)).toEqual(alone);
});

test("what fails fails for all who are in it, and for nobody after them", async () => {
  const failing = vi.spyOn(OrtSession.prototype, "run");
  failing.mockRejectedValueOnce(new ModelError("unexpected", "broken"));
  const both = await Promise.allSettled([collect(model, request(0)), collect(model, request(1))]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await collect(model, request(0))).toHaveLength(3);
});
