/** @file Generation in Node: what every device must do (engineSuite), what a row means, and how it ends. */
import { afterAll, describe, expect, test } from "vitest";
import type { GenerateRequest, SampledToken } from "../../src/cat/models.ts";
import { disposeKv } from "../../src/engine/kv.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { expectAgreement, expectBatchIndependence } from "./judge-suite.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { END, type LlamaVariant, randomLlama } from "./random-llama.ts";
import { collect, engineSuite } from "./suite.ts";

const runtime = await nodeRuntime();

function load(variant?: LlamaVariant) {
  return createLanguageModel({ runtime, files: randomLlama(variant), entry: RANDOM_ENTRY });
}

const model = await load();
afterAll(() => model.dispose());

const REQUEST: GenerateRequest = {
  prompt: "<|user|>hi<|end|><|assistant|>",
  n: 3,
  noise: { seed: 1, group: 0, purpose: "rollout", rollout: 0 },
  sampling: { temperature: 1, topK: null, topP: null },
  maxTokens: 10,
};

test("chance does not depend on the batch", async () => {
  expectBatchIndependence(await engineSuite(model));
});

test("the same seed gives the same tokens, another seed others", async () => {
  const tokens = async (seed: number) =>
    (await collect(model, { ...REQUEST, noise: { ...REQUEST.noise, seed } })).flat().map(({ token }) => token);
  expect(await tokens(1)).toEqual(await tokens(1));
  expect(await tokens(1)).not.toEqual(await tokens(2));
});

describe.each([
  { keepsLogits: false },
  { positions: false },
  { external: "model.onnx_data" },
  { external: "model.onnx.data" },
])("an export with %o", (variant) => {
  test("gives the same as one with all inputs", async () => {
    const other = await load(variant);
    expectAgreement(await engineSuite(other), await engineSuite(model));
    await other.dispose();
  });
});

test("log-probabilities are those of a plain pass over prompt and answer", async () => {
  const files = randomLlama();
  const session = await Session.create(runtime, files);
  const prompt = new Tokenizer(files).encode(REQUEST.prompt);
  for (const row of await collect(model, REQUEST)) {
    for (const [step, { token, logprob }] of row.entries()) {
      const before = row.slice(0, step).map((earlier) => earlier.token);
      const { logits, kv } = await session.forward([[...prompt, ...before]], session.emptyKv());
      disposeKv(kv);
      const max = Math.max(...logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0);
      expect(logprob).toBeCloseTo(logits[token]! - max - Math.log(total), 4);
    }
  }
  await session.dispose();
});

test("rows end one by one: at the end token, without text for it, or at the limit", async () => {
  // 12 rows of 60 tokens draw the end token here and there (1 in 259 if it were uniform).
  const rows = await collect(model, {
    ...REQUEST,
    n: 12,
    maxTokens: 60,
    sampling: { ...REQUEST.sampling, temperature: 3 },
  });
  const ends = rows.map((row) => row.at(-1)!.ended);
  expect(new Set(ends)).toEqual(new Set(["stop", "length"]));
  for (const row of rows) {
    expect(row.slice(0, -1).every(({ ended, token }) => ended === null && token !== END)).toBe(true);
    const last = row.at(-1)!;
    if (last.ended === "stop") expect(last.token).toBe(END);
    else expect(row).toHaveLength(60);
  }
});

test("rows that go on are not disturbed by rows that end", async () => {
  const request = { ...REQUEST, maxTokens: 60, sampling: { ...REQUEST.sampling, temperature: 3 } };
  const together = await collect(model, { ...request, n: 12 });
  for (const rollout of [0, 5, 11]) {
    const [alone] = await collect(model, { ...request, n: 1, noise: { ...request.noise, rollout } });
    expect(alone!.map(({ token }) => token)).toEqual(together[rollout]!.map(({ token }) => token));
  }
});

test("tokens of several requests carry their index and do not mix", async () => {
  const other = { ...REQUEST, prompt: "<|user|>other<|end|><|assistant|>", n: 2 };
  const found: SampledToken[] = [];
  for await (const token of model.generate([REQUEST, other])) found.push(token);
  for (const [index, request] of [REQUEST, other].entries()) {
    const rows = await collect(model, request);
    rows.forEach((row, r) => {
      const mine = found.filter((token) => token.request === index && token.row === r);
      expect(mine.map(({ token }) => token)).toEqual(row.map(({ token }) => token));
    });
  }
});

test("two runs asked for at once queue up, step by step, and each gives what it gives alone", async () => {
  const prompts = ["<|user|>first<|end|><|assistant|>", "<|user|>the second, longer<|end|><|assistant|>"];
  const request = (prompt: string, n: number): GenerateRequest => ({ ...REQUEST, prompt, n });
  const asked = [request(prompts[0]!, 3), request(prompts[1]!, 2)] as const;
  const alone = [await collect(model, asked[0]), await collect(model, asked[1])];
  const [first, decided, second] = await Promise.all([
    collect(model, asked[0]),
    model.decide(prompts, ["a", "b"]),
    collect(model, asked[1]),
  ]);
  expect([first, second]).toEqual(alone);
  expect(decided).toEqual(await model.decide(prompts, ["a", "b"]));
});

test("the joined text is the text of the tokens", async () => {
  const tokenizer = new Tokenizer(randomLlama());
  for (const row of await collect(model, { ...REQUEST, maxTokens: 40 })) {
    const tokens = row.map(({ token }) => token).filter((token) => token !== END);
    expect(row.map(({ text }) => text).join("")).toBe(tokenizer.decode(tokens));
  }
});

test("a stop is obeyed between steps, with its reason", async () => {
  const stop = new AbortController();
  let tokens = 0;
  const run = async () => {
    for await (const { row } of model.generate([{ ...REQUEST, maxTokens: 100 }], stop.signal)) {
      tokens++;
      if (tokens === 6 && row === 2) stop.abort(new Error("enough"));
    }
  };
  await expect(run()).rejects.toThrow("enough");
  expect(tokens).toBe(6);
  await expect(collectStopped(stop.signal)).rejects.toThrow("enough");
});

async function collectStopped(stop: AbortSignal): Promise<void> {
  for await (const token of model.generate([REQUEST], stop)) throw new Error(`sampled ${token.token}`);
}

test("a stop during the prefill is obeyed before anything is sampled", async () => {
  let asked = 0;
  const stop = {
    aborted: false,
    throwIfAborted: () => {
      // The first question comes before the prefill.
      if (++asked > 1) throw new Error("during the prefill");
    },
  };
  const found: SampledToken[] = [];
  const run = async () => {
    for await (const token of model.generate([REQUEST], stop)) found.push(token);
  };
  await expect(run()).rejects.toThrow("during the prefill");
  expect(found).toEqual([]);
});

test("a prompt that is too long is refused before anything is sampled, with both numbers", async () => {
  const long = { ...REQUEST, prompt: "x".repeat(391) };
  const found: SampledToken[] = [];
  const run = async () => {
    for await (const token of model.generate([REQUEST, long])) found.push(token);
  };
  await expect(run()).rejects.toMatchObject({
    code: "prompt-too-long",
    message: expect.stringMatching(/391.*390/) as string,
  });
  expect(found).toEqual([]);
  expect(await collect(model, { ...REQUEST, prompt: "x".repeat(390), n: 1 })).toHaveLength(1);
});

test("decide gives the probabilities that generation reports", async () => {
  const prompt = "<|user|>a b c<|end|><|assistant|>";
  const letters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
  const [row] = await model.decide([prompt], letters);
  expect(row!.every((p) => p > 0 && p < 1)).toBe(true);
  expect(row!.reduce((sum, p) => sum + p, 0)).toBeLessThan(1);

  // Bytes above 127 are no character of their own, so they cannot be a choice; of 32 draws some are letters.
  const sampling = { temperature: 1, topK: null, topP: null };
  const rows = await collect(model, { ...REQUEST, prompt, n: 32, maxTokens: 1, sampling });
  const drawn = rows.flat().filter(({ token }) => token >= 32 && token < 127);
  expect(drawn.length).toBeGreaterThan(3);
  for (const { token, logprob } of drawn) expect(Math.log(row![token - 32]!)).toBeCloseTo(logprob, 5);
});

test("a choice of several tokens is refused by name", async () => {
  await expect(model.decide(["abc"], ["a", "yes"])).rejects.toThrow(/"yes" is 3 tokens/);
});
