/** @file Scoring of given text: against what generation reported, against plain passes, alone and among others, whatever its length. */
import { afterAll, describe, expect, test } from "vitest";
import type { LanguageModel, SampledToken, TokenScores } from "../../src/cat/models.ts";
import { disposeKv } from "../../src/engine/kv.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { score } from "../../src/engine/score.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { loadKitten } from "./kitten.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { type LlamaVariant, randomLlama } from "./random-llama.ts";
import { collect } from "./suite.ts";

const runtime = await nodeRuntime();
const load = (variant?: LlamaVariant) =>
  createLanguageModel({ runtime, files: randomLlama(variant), entry: RANDOM_ENTRY });
const [random, kitten] = [await load(), await loadKitten(runtime)];
afterAll(() => Promise.all([random.dispose(), kitten.dispose()]));

const PROMPT = "<|user|>hi<|end|><|assistant|>";
const LONG = "The quick brown fox jumps over the lazy dog, and so on until it has had enough. ";
const one = async (model: LanguageModel, prompt: string, continuation: string): Promise<TokenScores> =>
  (await model.score([{ prompt, continuation }]))[0]!;
const sum = (logprobs: readonly number[]) => logprobs.reduce((a, b) => a + b, 0);

interface Row {
  readonly tokens: readonly SampledToken[];
  readonly text: string;
}

async function rollouts(model: LanguageModel, prompt: string, maxTokens: number): Promise<Row[]> {
  const noise = { seed: 5, group: 0, purpose: "rollout", rollout: 0 } as const;
  const sampling = { temperature: 1, topK: null, topP: null };
  const rows = await collect(model, { prompt, n: 16, noise, sampling, maxTokens });
  return rows.map((tokens) => {
    const end = tokens.at(-1)!.ended === "stop" ? "<|end|>" : "";
    return { tokens, text: tokens.map(({ text }) => text).join("") + end };
  });
}

describe("a rollout scores what generation reported", () => {
  test.each([
    // Random bytes are seldom text, so the random model's rollouts are short; those that read back differently show nothing.
    ["the random model", random, PROMPT, 3, 2],
    ["the embedded model", kitten, "<|user|>What is the square root of 16?<|end|><|assistant|>", 40, 8],
  ] as const)("%s", async (_, model, prompt, maxTokens, least) => {
    let checked = 0;
    for (const { tokens, text } of await rollouts(model, prompt, maxTokens)) {
      const { tokenIds, logprobs } = await one(model, prompt, text);
      if (tokenIds.join() !== tokens.map(({ token }) => token).join()) continue;
      checked += 1;
      const expected = tokens.map(({ logprob }) => logprob);
      expect(Math.abs(sum(logprobs) - sum(expected))).toBeLessThan(1e-4);
      for (const [i, logprob] of logprobs.entries()) expect(Math.abs(logprob - expected[i]!)).toBeLessThan(1e-4);
    }
    expect(checked).toBeGreaterThanOrEqual(least);
  });
});

/** Of every token of `text` but the first, by a pass of its own over all before it. */
async function plainly(text: string): Promise<number[]> {
  const files = randomLlama();
  const session = await Session.create(runtime, files);
  const tokens = new Tokenizer(files).encode(text);
  const logprobs: number[] = [];
  for (let length = 1; length < tokens.length; length++) {
    const { logits, kv } = await session.forward([tokens.slice(0, length)], session.emptyKv());
    disposeKv(kv);
    const max = Math.max(...logits);
    const total = logits.reduce((all, logit) => all + Math.exp(logit - max), 0);
    logprobs.push(logits[tokens[length]!]! - max - Math.log(total));
  }
  await session.dispose();
  return logprobs;
}

describe("every token is given all before it and nothing after", async () => {
  const text = PROMPT + LONG;
  const expected = await plainly(text);
  const promptLength = new Tokenizer(randomLlama()).encode(PROMPT).length;

  // 32 are scored in one pass; the text has 81 tokens.
  test.each([1, 2, 31, 32, 33, 64, 65, LONG.length])("%i tokens of a continuation", async (length) => {
    const { tokenIds, logprobs } = await one(random, PROMPT, LONG.slice(0, length));
    expect(tokenIds).toEqual(Array.from({ length }, (_, i) => LONG.charCodeAt(i)));
    expect(logprobs).toHaveLength(length);
    for (const [i, logprob] of logprobs.entries()) expect(logprob).toBeCloseTo(expected[promptLength - 1 + i]!, 4);
  });

  test("without a prompt, from the second token on", async () => {
    const { tokenIds, logprobs } = await one(random, "", text);
    expect(tokenIds).toEqual(new Tokenizer(randomLlama()).encode(text).slice(1));
    expect(logprobs).toHaveLength(expected.length);
    for (const [i, logprob] of logprobs.entries()) expect(logprob).toBeCloseTo(expected[i]!, 4);
  });

  test.each([{ keepsLogits: false }, { positions: false }])("with an export with %o", async (variant) => {
    const other = await load(variant);
    const { logprobs } = await one(other, PROMPT, LONG);
    for (const [i, logprob] of logprobs.entries()) expect(logprob).toBeCloseTo(expected[promptLength - 1 + i]!, 4);
    await other.dispose();
  });
});

test("where nothing can be scored, nothing is", async () => {
  const nothing = { tokenIds: [], logprobs: [] };
  expect(await random.score([])).toEqual([]);
  expect(await one(random, PROMPT, "")).toEqual(nothing);
  expect(await one(random, "", "a")).toEqual(nothing);
  expect(await one(random, "", "")).toEqual(nothing);
});

test("a text scores the same alone and among others of other lengths", async () => {
  const requests = [
    { prompt: PROMPT, continuation: LONG },
    { prompt: PROMPT + LONG, continuation: "a" },
    { prompt: "", continuation: "some text" },
    { prompt: "x", continuation: LONG.slice(0, 30) },
    { prompt: PROMPT, continuation: "" },
  ];
  const together = await random.score(requests);
  for (const [i, { prompt, continuation }] of requests.entries()) {
    expect(await one(random, prompt, continuation)).toEqual(together[i]);
  }
});

test("the border lies between tokens: whatever stands before, a continuation has its own", async () => {
  const text = "What is the square root of 16?";
  for (let border = 1; border < text.length; border++) {
    const continuation = text.slice(border);
    const { tokenIds, logprobs } = await one(kitten, text.slice(0, border), continuation);
    const behindControl = await one(kitten, "<|user|>", continuation);
    expect(tokenIds).toEqual(behindControl.tokenIds);
    expect(logprobs).not.toEqual(behindControl.logprobs);
  }
});

test("as decide sees it: the first token of a continuation has the probability of that choice", async () => {
  const letters = ["a", "b", " "];
  const [row] = await random.decide([PROMPT], letters);
  for (const [i, letter] of letters.entries()) {
    const { logprobs } = await one(random, PROMPT, letter);
    expect(Math.exp(logprobs[0]!)).toBeCloseTo(row![i]!, 6);
  }
});

test("never more logits at once than a chunk has positions, and no cache is left behind", async () => {
  const files = randomLlama();
  const session = await Session.create(runtime, files);
  const kept: number[] = [];
  const live = new Set<object>();
  const watched = {
    ...{ runtime: session.runtime, graph: session.graph },
    emptyKv: () => session.emptyKv(),
    async pass(...[ids, past, wanted]: Parameters<Session["pass"]>) {
      kept.push(wanted?.length ?? 1);
      const result = await session.pass(ids, past, wanted);
      for (const tensor of result.kv.tensors) {
        live.add(tensor);
        const dispose = tensor.dispose.bind(tensor);
        tensor.dispose = () => {
          live.delete(tensor);
          dispose();
        };
      }
      return result;
    },
  } as unknown as Session;
  const decoder = { session: watched, tokenizer: new Tokenizer(files), contextLength: 400 };
  await score(decoder, [{ prompt: LONG, continuation: LONG }]);
  // The first pass reads the prompt, whose logits are of no use.
  expect(kept).toEqual([0, 32, 32, LONG.length - 64]);
  expect(live.size).toBe(0);
  await session.dispose();
});

test("a text that is too long is refused before anything is computed, with both numbers", async () => {
  const requests = [
    { prompt: PROMPT, continuation: "fine" },
    { prompt: "x".repeat(200), continuation: "y".repeat(201) },
  ];
  const error = { code: "prompt-too-long", message: expect.stringMatching(/401.*400/) as string };
  await expect(random.score(requests)).rejects.toMatchObject(error);
  expect((await one(random, "x".repeat(200), "y".repeat(200))).logprobs).toHaveLength(200);
});

test("the likeliest at each place, on request: sorted, as probable as a scan of all says, and the text cut as it was written", async () => {
  const vocabulary = Array.from({ length: 259 }, (_, i) => i);
  const [scores] = await random.score([{ prompt: PROMPT, continuation: "aé ", top: 5 }]);
  const { tokenIds, logprobs, top, texts } = scores!;
  expect(texts).toEqual(["a", "", "é", " "]);
  const [all] = await random.score([{ prompt: PROMPT, continuation: "aé ", top: vocabulary.length }]);
  for (const [i, likely] of top!.entries()) {
    const every = all!.top![i]!;
    expect(every.map(({ token }) => token).toSorted((a, b) => a - b)).toEqual(vocabulary);
    expect(every.map(({ logprob }) => logprob)).toEqual(every.map(({ logprob }) => logprob).toSorted((a, b) => b - a));
    expect(sum(every.map(({ logprob }) => Math.exp(logprob)))).toBeCloseTo(1, 4);
    expect(likely).toEqual(every.slice(0, 5));
    expect(every.find(({ token }) => token === tokenIds[i])!.logprob).toBe(logprobs[i]);
  }
});

test("tokens are taken as they are, also where a text would be cut otherwise", async () => {
  const word = "square";
  const letters = await Promise.all(Array.from(word).map((letter) => one(kitten, "<|user|>", letter)));
  const ids = letters.flatMap(({ tokenIds }) => tokenIds);
  const [spelt] = await kitten.score([{ prompt: "<|user|>", continuation: ids, top: 1 }]);
  expect(spelt!.tokenIds).toEqual(ids);
  expect(spelt!.texts!.join("")).toBe(word);
  expect((await one(kitten, "<|user|>", word)).tokenIds).not.toEqual(ids);
  expect(spelt!.logprobs[0]).toBeCloseTo(letters[0]!.logprobs[0]!, 5);
});

test("a stop is obeyed between passes, with its reason", async () => {
  let asked = 0;
  const stop = {
    aborted: false,
    throwIfAborted: () => {
      if (++asked > 2) throw new Error("enough");
    },
  };
  await expect(random.score([{ prompt: PROMPT, continuation: LONG }], stop)).rejects.toThrow("enough");
  expect(asked).toBe(3);
});
