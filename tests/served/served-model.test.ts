/** @file A model on a server against a scripted one: what it says comes through whole, what it lacks is absent, what goes wrong with it is said. */
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type GenerateRequest, ModelError, type SampledToken } from "../../src/cat/models.ts";
import { ServedModel } from "../../src/served/served-model.ts";
import { LOGPROB, ScriptedServer } from "./scripted-server.ts";

const patience = { attempts: 3, firstWaitMs: 1, longestWaitMs: 2, stallMs: 400 };
let server: ScriptedServer;
beforeEach(async () => {
  server = new ScriptedServer();
  await server.open();
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

const modelAt = (key: string | null = null) =>
  new ServedModel({ server: server.url, model: "some-model", key }, patience);
const messages = [{ role: "user", content: "Say it." }] as const;

function request(model: ServedModel, more: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    prompt: model.render(messages),
    n: 1,
    noise: { seed: 1, group: 0, purpose: "rollout", rollout: 0 },
    sampling: { temperature: 0.7, topK: null, topP: null },
    maxTokens: 50,
    ...more,
  };
}

/** Tokens by row of the first request. */
async function rowsOf(tokens: AsyncIterable<SampledToken>): Promise<SampledToken[][]> {
  const rows: SampledToken[][] = [];
  for await (const token of tokens) (rows[token.row] ??= []).push(token);
  return rows;
}
const textOf = (row: readonly SampledToken[]) => row.map(({ text }) => text).join("");
const first = async (model = modelAt(), more: Partial<GenerateRequest> = {}) =>
  (await rowsOf(model.generate([request(model, more)])))[0]!;

describe("answers", () => {
  test("n rows are n requests, a few at once, each with the messages and a seed of its own", async () => {
    server.answer = ({ seed }) => `answer ${String(seed)} from here`;
    server.pace = 5;
    const model = modelAt();
    const rows = await rowsOf(model.generate([request(model, { n: 9 })]));
    expect(new Set(rows.map(textOf)).size).toBe(9);
    expect(server.most).toBeGreaterThan(1);
    expect(server.most).toBeLessThanOrEqual(4);
    expect(server.asked.every((asked) => asked.n === undefined && asked.stream)).toBe(true);
    expect(server.asked[0]).toMatchObject({
      model: "some-model",
      messages,
      max_tokens: 50,
      temperature: 0.7,
      top_p: 1,
    });
    const again = await rowsOf(model.generate([request(model, { noise: { ...request(model).noise, rollout: 4 } })]));
    expect(textOf(again[0]!)).toBe(textOf(rows[4]!));
  });

  test("only the last token of a row says how it ended", async () => {
    server.answer = () => "one two three";
    const whole = await first();
    expect(textOf(whole)).toBe("one two three");
    expect(whole.map(({ ended }) => ended)).toEqual([null, null, null, "stop"]);
    expect((await first(modelAt(), { maxTokens: 2 })).map(({ text, ended }) => [text, ended])).toEqual([
      ["one ", null],
      ["two ", "length"],
    ]);
  });

  test("log-probabilities come where they are told, and are NaN, not 0, where they are not", async () => {
    server.answer = () => "one two";
    expect((await first()).map(({ logprob }) => logprob)).toEqual([LOGPROB, LOGPROB, NaN]);
    server.logprobs = false;
    const heard: string[] = [];
    const model = modelAt();
    model.onNotice(({ code }) => heard.push(code));
    const untold = await first(model);
    await first(model);
    expect(
      untold.every(({ logprob, entropy, margin }) => Number.isNaN(logprob) && Number.isNaN(entropy) && margin === null),
    ).toBe(true);
    expect(heard).toEqual(["no-logprobs"]);
  });

  test("there are as many tokens as the server counts, or as it sends pieces", async () => {
    server.answer = () => "one two three";
    expect((await first()).length).toBe(4);
    server.usage = false;
    expect((await first()).length).toBe(3);
  });

  test("an empty answer is one", async () => {
    server.answer = () => "";
    expect(await first()).toMatchObject([
      { text: "", ended: null },
      { text: "", ended: "stop" },
    ]);
  });

  test("what was thought apart stands in front, as other models write it", async () => {
    const event = (delta: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ choices: [{ delta, finish_reason: finish }] })}\n\n`;
    const body =
      event({ reasoning_content: "Let me " }) + event({ reasoning: "see." }) + event({ content: "It is 5." }, "stop");
    server.faults.push({ kind: "text", body, type: "text/event-stream" });
    expect(textOf(await first())).toBe("<think>Let me see.</think>It is 5.");
  });

  test("a server that does not stream is read as well", async () => {
    const body = JSON.stringify({ choices: [{ message: { content: "All at once." }, finish_reason: "stop" }] });
    server.faults.push({ kind: "text", body });
    expect(await first()).toMatchObject([{ text: "All at once.", ended: "stop" }]);
  });

  test("bytes that are no UTF-8 become U+FFFD, and a character that is cut between packets stays one", async () => {
    const [head, tail] = JSON.stringify({ choices: [{ delta: { content: "é|" }, finish_reason: "stop" }] }).split("|");
    const body = Buffer.concat([Buffer.from(`data: ${head}`), Buffer.from([0xff]), Buffer.from(`${tail}\n\n`)]);
    server.faults.push({ kind: "text", body, type: "text/event-stream" });
    expect(textOf(await first())).toBe("é\uFFFD");
  });

  test("a server that refuses what it does not know is asked in plain words, from then on", async () => {
    server.strict = true;
    const model = modelAt();
    await first(model);
    await first(model);
    expect(server.asked.map(({ seed }) => seed === undefined)).toEqual([false, true, true]);
  });

  test("the key goes with each request, and not to where a server redirects", async () => {
    const other = new ScriptedServer();
    await other.open();
    try {
      await first(modelAt("secret"));
      expect(server.headers[0]!.authorization).toBe("Bearer secret");
      for (let i = 0; i < 5; i++) server.faults.push({ kind: "redirect", to: `${other.url}/chat/completions` });
      await expect(first(modelAt("secret"))).rejects.toThrow("does not answer");
      expect(other.asked).toEqual([]);
      expect(JSON.stringify(modelAt("secret").record)).not.toContain("secret");
    } finally {
      await other.close();
    }
  });
});

describe("yes and no", () => {
  const decide = (model: ServedModel, count = 1) =>
    model.decide(
      Array.from({ length: count }, (_, i) => model.render([{ role: "user", content: String(i) }])),
      ["yes", "no"],
    );

  test("are the mass of the first token, however it is written", async () => {
    server.answer = () => "Yes, it does.";
    server.yes = ({ messages: [message] }) => (message!.content === "0" ? 0.8 : 0.3);
    const [a, b] = await decide(modelAt(), 2);
    expect([a![0], a![1], b![0], b![1]].map((p) => Number(p!.toFixed(6)))).toEqual([0.8, 0.2, 0.3, 0.7]);
  });

  test.each([
    ["Yes.", [1, 0]],
    ["**No**, it does not.", [0, 1]],
    ["<think>Hm, no…</think>\nyes", [1, 0]],
    ["Perhaps.", [0, 0]],
    ["Nothing to say.", [0, 0]],
    ["", [0, 0]],
  ])("without probabilities %j reads as %j, and a notice says so", async (answer, expected) => {
    server.logprobs = false;
    server.answer = () => answer;
    const heard: string[] = [];
    const model = modelAt();
    model.onNotice(({ code }) => heard.push(code));
    expect(await decide(model)).toEqual([expected]);
    expect(model.decidesBy).toBe("text");
    expect(heard.length).toBe(expected.includes(1) ? 1 : 0);
  });

  test("a judge that thinks first is let think", async () => {
    server.logprobs = false;
    server.answer = () => `<think>${"well ".repeat(40)}</think> no`;
    expect(await decide(modelAt())).toEqual([[0, 1]]);
    expect(server.asked.map(({ max_tokens }) => max_tokens)).toEqual([8, 2048]);
  });

  test("one that fails stops the others", async () => {
    server.pace = 50;
    server.faults.push({ kind: "status", status: 403 });
    await expect(decide(modelAt(), 20)).rejects.toThrow("wants a key");
    expect(server.asked.length).toBeLessThan(8);
  });
});

describe("what goes wrong", () => {
  test.each([429, 500, 503])("status %i passes: it is asked again", async (status) => {
    server.faults.push({ kind: "status", status }, { kind: "status", status });
    expect(textOf(await first())).toBe("yes");
    expect(server.asked.length).toBe(3);
  });

  test("status 500 for ever is said with the server's own words", async () => {
    const body = JSON.stringify({ error: { message: "CUDA out of memory" } });
    for (let i = 0; i < 9; i++) server.faults.push({ kind: "status", status: 500, body });
    await expect(first()).rejects.toThrow(`${server.url} answers with status 500: CUDA out of memory`);
    expect(server.asked.length).toBe(patience.attempts);
  });

  test.each([
    [401, "wants a key"],
    [404, "no such address or model"],
    [400, "does not take the request"],
  ])("status %i is final, and says what to do", async (status, words) => {
    for (let i = 0; i < 3; i++) server.faults.push({ kind: "status", status });
    await expect(first()).rejects.toThrow(words);
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  test("a prompt that is too long there is known as one", async () => {
    const body = JSON.stringify({ error: { message: "This model's maximum context length is 4096 tokens." } });
    server.faults.push({ kind: "status", status: 400, body });
    const error = await first().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: "prompt-too-long" });
  });

  test.each([
    ["a web page", "<!doctype html><title>Hi</title>", "text/html"],
    ["no JSON", "data: {oops\n\n", "text/event-stream"],
    ["JSON of another kind", '{"choices": "none"}', "application/json"],
  ])("%s in place of an answer is said", async (_, body, type) => {
    server.faults.push({ kind: "text", body, type });
    await expect(first()).rejects.toThrow("Is this the address of an OpenAI-compatible server");
  });

  test("an error within the stream is said", async () => {
    const body = `data: ${JSON.stringify({ error: { message: "the model crashed" } })}\n\n`;
    server.faults.push({ kind: "text", body, type: "text/event-stream" });
    await expect(first()).rejects.toThrow("broke off its answer: the model crashed");
  });

  test.each(["cut", "end"] as const)("a server that dies in an answer (%s) ends it with what came", async (kind) => {
    server.answer = () => "one two three four";
    server.faults.push({ kind, after: 3 });
    const model = modelAt();
    const came: string[] = [];
    const read = async () => {
      for await (const { text } of model.generate([request(model)])) came.push(text);
    };
    await expect(read()).rejects.toThrow("in the middle of an answer");
    expect(came.join("")).toBe("one two ");
  });

  test("one that falls silent is given up", async () => {
    server.answer = () => "one two three";
    server.faults.push({ kind: "stall", after: 1 });
    await expect(first()).rejects.toThrow("sent nothing for 0.4 seconds");
  });

  test("one that is not there is said to be not there", async () => {
    await server.close();
    await expect(first()).rejects.toThrow("does not answer. Is it running");
    await server.open();
  });

  test("one that lets no page in is told from one that is not there", async () => {
    const noPage = (_: string, init: RequestInit) =>
      init.mode === "no-cors"
        ? Promise.resolve({ type: "opaque", body: null })
        : Promise.reject(new TypeError("Failed to fetch"));
    vi.stubGlobal("fetch", noPage);
    await expect(first()).rejects.toThrow(/CORS.*--enable-cors.*OLLAMA_ORIGINS.*--allowed-origins/);
  });

  test("a slow one is waited for, and stopped when asked, with its requests", async () => {
    server.answer = () => "word ".repeat(200);
    server.pace = 20;
    const stop = new AbortController();
    const model = modelAt();
    const read = rowsOf(model.generate([request(model, { n: 3 })], stop.signal));
    await pause(150);
    stop.abort(new Error("enough"));
    await expect(read).rejects.toThrow("enough");
  });

  test("likelihoods of given texts are refused, not made up", async () => {
    await expect(modelAt().score()).rejects.toMatchObject({ code: "model-unsupported" });
  });
});
