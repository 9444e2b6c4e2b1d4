import { expect, test } from "vitest";
import { readGeneration } from "../../src/models/generation.ts";

const read = (config?: string) =>
  readGeneration({
    bytes: new Map(config === undefined ? [] : [["generation_config.json", new TextEncoder().encode(config)]]),
  });

test("0 and 1 of the file mean: keep all", () => {
  const { sampling } = read('{"do_sample":true,"temperature":0.7,"top_k":0,"top_p":1.0}');
  expect(sampling).toEqual({ temperature: 0.7, topK: null, topP: null });
  expect(read('{"top_k":20,"top_p":0.8}').sampling).toEqual({ temperature: 1, topK: 20, topP: 0.8 });
});

test("no sampling is temperature 0; no file is temperature 1", () => {
  expect(read('{"do_sample":false,"temperature":0.7}').sampling.temperature).toBe(0);
  expect(read()).toEqual({ sampling: { temperature: 1, topK: null, topP: null }, maxTokens: 1024 });
});

test.each(["{", '{"temperature":"hot"}', '{"max_new_tokens":0}'])("%s is damaged", (config) => {
  expect(() => read(config)).toThrow(/generation_config.json makes no sense/);
});
