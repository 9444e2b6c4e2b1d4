/** @file Looking into a rollout: by the model that wrote it and no other, and only while one is there. */
import { expect, test } from "vitest";
import type { TokenQuestion } from "../../src/lab/protocol.ts";
import { lookAtTokens } from "../../src/lab/look.ts";
import { named, settled, testLab } from "./parts.ts";

const model = named("policy");
const question: TokenQuestion = { prompt: "<|user|>", tokenIds: [4, 5, 6], by: model.record };

test("eight alternatives at each token", async () => {
  const { top, texts } = await lookAtTokens(model, question);
  expect(top.map((likely) => likely.length)).toEqual([8, 8, 8]);
  expect(texts).toHaveLength(3);
});

test("other weights are refused, whatever they are called; the same under another name are not", async () => {
  const other = { ...named("another").record, id: "policy" };
  await expect(lookAtTokens(model, { ...question, by: other })).rejects.toMatchObject({ code: "model-unsupported" });
  await expect(lookAtTokens(model, { ...question, by: { ...model.record, files: [] } })).rejects.toThrow("weights");
  const renamed = { ...model.record, id: "kitten again" };
  expect((await lookAtTokens(model, { ...question, by: renamed })).top).toHaveLength(3);
});

test("tokens that the model does not have are said to be of a changed file", async () => {
  const broken = {
    record: model.record,
    score: () => Promise.resolve([{ tokenIds: [9], logprobs: [NaN], top: [], texts: [] }]),
  };
  await expect(lookAtTokens(broken as unknown as typeof model, question)).rejects.toMatchObject({
    code: "run-invalid",
  });
});

test("the lab answers with the model that is loaded, waits for one on its way, and refuses without", async () => {
  const { lab, notices, loads, load } = testLab();
  lab.handle({ type: "tokens.look", call: 1, question });
  await settled();
  expect(notices.at(-1)).toMatchObject({
    type: "refused",
    call: 1,
    failure: { message: expect.stringContaining("No model") as unknown },
  });
  await load("wasm");
  lab.handle({ type: "tokens.look", call: 2, question: { ...question, by: loads[0]!.model.model.record } });
  await settled();
  expect(notices.filter((n) => n.type === "answer")).toEqual([]);
  loads[0]!.succeed();
  await settled();
  expect(notices.find((n) => n.type === "answer")).toMatchObject({
    call: 2,
    value: { texts: expect.any(Array) as unknown },
  });
});
