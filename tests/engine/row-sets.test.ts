/** @file Grammar and repetition penalty in a batch: rows that come, move and leave, each as it is alone, and a rubric from a model that knows nothing. */
import { afterAll, expect, test, vi } from "vitest";
import { type GenerateRequest, ModelError, type SampledToken } from "../../src/cat/models.ts";
import { RUBRIC_GRAMMAR } from "../../src/cat/reward/rubric-grammar.ts";
import { readRubric } from "../../src/cat/reward/rubric.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Call, fresh, type Row } from "../../src/engine/row.ts";
import { RowSets } from "../../src/engine/row-sets.ts";
import type { TokenSampler } from "../../src/engine/token-sampler.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { END, randomLlama } from "./random-llama.ts";
import { collect } from "./suite.ts";

const runtime = await nodeRuntime();
const model = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
const tokenizer = new Tokenizer(randomLlama());
afterAll(() => model.dispose());

const PROMPT = "<|user|>hi<|end|><|assistant|>";
const PLAIN = { temperature: 1, topK: null, topP: null };
const RUBRIC: GenerateRequest = {
  prompt: PROMPT,
  n: 4,
  noise: { seed: 1, group: 0, purpose: "rubric", rollout: 0 },
  sampling: PLAIN,
  maxTokens: 260,
  grammar: RUBRIC_GRAMMAR,
};

/** A row's seen tokens may not come again: the penalty leaves nothing of their logits. */
const PENALISED: GenerateRequest = {
  prompt: PROMPT,
  n: 3,
  noise: { seed: 2, group: 1, purpose: "rollout", rollout: 0 },
  sampling: { ...PLAIN, temperature: 0.5, repetitionPenalty: 1e6 },
  maxTokens: 20,
};

const free = (n: number, maxTokens: number, temperature = 1): GenerateRequest => ({
  prompt: `<|user|>${"word ".repeat(n)}<|end|><|assistant|>`,
  n,
  noise: { seed: 3, group: n, purpose: "rollout", rollout: 0 },
  sampling: { ...PLAIN, temperature },
  maxTokens,
});

const ids = (row: readonly SampledToken[]) => row.map(({ token }) => token);
const textOf = (row: readonly SampledToken[]) => row.map(({ text }) => text).join("");

test.each([0, 1, 3])(
  "at temperature %d, a model that says noise writes rubrics, whatever the seed",
  async (temperature) => {
    for (const seed of [1, 2, 3]) {
      const noise = { ...RUBRIC.noise, seed };
      for (const row of await collect(model, { ...RUBRIC, noise, sampling: { ...PLAIN, temperature } })) {
        expect(row.at(-1)).toMatchObject({ token: END, ended: "stop" });
        const criteria = readRubric(textOf(row));
        expect(criteria.length, textOf(row)).toBeGreaterThanOrEqual(5);
        expect(criteria.length).toBeLessThanOrEqual(8);
        expect(textOf(row)).not.toContain("\ufffd");
      }
    }
  },
);

test("rows under a grammar or a penalty give alone what they give in a batch whose rows come, move and leave", async () => {
  // More rows than a batch holds, of unequal length; at temperature 3 some end early, so that places change.
  const requests = [free(30, 25, 3), PENALISED, free(24, 40), RUBRIC, { ...PENALISED, n: 2 }, free(20, 10, 3)];
  const together = requests.map(({ n }) => Array.from({ length: n }, (): SampledToken[] => []));
  for await (const token of model.generate(requests)) together[token.request]![token.row]!.push(token);
  for (const index of [1, 3, 4]) {
    const alone = await collect(model, requests[index]!);
    for (const [row, tokens] of alone.entries()) {
      const found = together[index]![row]!;
      const at = tokens.findIndex(({ token }, step) => found[step]?.token !== token);
      if (at === -1) expect(found).toHaveLength(tokens.length);
      else expect(tokens[at]!.margin, `request ${index} row ${row} token ${at}`).toBeLessThan(1e-3);
    }
  }
});

test("a penalised row repeats neither its prompt nor itself, and each has its own memory", async () => {
  const rows = await collect(model, PENALISED);
  const prompt = tokenizer.encode(PROMPT);
  for (const row of rows) expect(new Set([...prompt, ...ids(row)]).size).toBe(new Set(prompt).size + row.length);
  expect(new Set(rows.map((row) => ids(row).join())).size).toBe(rows.length);
  // Without the penalty they do repeat.
  const { temperature } = PENALISED.sampling;
  const plain = await collect(model, { ...PENALISED, sampling: { ...PLAIN, temperature } });
  expect(plain.some((row) => new Set(ids(row)).size < row.length)).toBe(true);
});

test("rows whose batch is lost half-way go on under their grammar and with what they had seen", async () => {
  const requests = [PENALISED, RUBRIC];
  const texts = async () => {
    const found: Record<string, string> = {};
    for await (const { request, row, token } of model.generate(requests)) {
      found[`${request}/${row}`] = `${found[`${request}/${row}`] ?? ""} ${token}`;
    }
    return found;
  };
  const undisturbed = await texts();
  let read = 0;
  const reading = vi.spyOn(runtime.errors, "throwIfAny").mockImplementation(() => {
    // From here on half the rows fit.
    if (++read === 15) throw new ModelError("out-of-memory", "Full.");
  });
  expect(await texts()).toEqual(undisturbed);
  expect(read).toBeGreaterThan(260);
  reading.mockRestore();
});

test("a row that goes on from tokens it has is where it was", () => {
  const sampler = { setSeen: vi.fn(), setMask: vi.fn() };
  const sets = new RowSets(sampler as unknown as TokenSampler, 2);
  const request = { ...RUBRIC, sampling: PENALISED.sampling };
  const { vocabulary, endTokens } = tokenizer;
  const job = { index: 0, request, prompt: [1, 2], endTokens, maxTokens: 260, vocabulary };
  const [whole, torn, later] = fresh({ ...job, request: { ...request, n: 3 } }, new Call(3)) as [Row, Row, Row];
  const written = tokenizer.encode("<rubric><criterion>Res");
  sets.join(whole);
  for (const token of written) sets.take(whole, token);
  for (const token of written) torn.take({ token, logprob: -1, entropy: 1, margin: null });
  sets.join(torn);
  expect(sampler.setSeen.mock.calls).toEqual([
    [1, [1, 2]],
    [0, [1, 2, ...written]],
  ]);
  expect([sets.of(whole), sets.of(torn)]).toEqual([
    { seen: 1, mask: 1 },
    { seen: 0, mask: 0 },
  ]);
  const [[, first], [, second]] = sampler.setMask.mock.calls as [[number, Uint32Array], [number, Uint32Array]];
  expect(second).toEqual(first);
  // Slots are given back, and nothing waits for a row that has left.
  expect(sets.steer).toBe(true);
  sets.leave(whole);
  sets.join(later);
  expect(sets.of(later)).toEqual({ seen: 1, mask: 1 });
  sets.leave(later);
  sets.leave(torn);
  expect(sets.steer).toBe(false);
  expect(sets.of(torn)).toEqual({ seen: null, mask: null });
});
