/** @file Text to tokens and back, whole and streamed: several bytes a character, control tokens, half characters at the end. */
import { expect, test } from "vitest";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { TextStream } from "../../src/engine/text-stream.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { CONTROL_TOKENS, END, randomLlama } from "./random-llama.ts";

const files = randomLlama();
const tokenizer = new Tokenizer(files);

function without(...paths: string[]): ModelFiles {
  return { ...files, bytes: new Map([...files.bytes].filter(([path]) => !paths.includes(path))) };
}

function stream(tokens: readonly number[]): string[] {
  const text = new TextStream(tokenizer);
  return [...tokens.map((token) => text.push(token)), text.finish()];
}

test.each(["plain words", "  two  spaces ", "é ß 漢字 😀 👩‍🚀", "line\nbreak\ttab", "<|user|> is one token"])(
  "%j survives encoding",
  (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  },
);

test("control tokens are single tokens, known by name, and written out as they stand", () => {
  expect(tokenizer.controlTokens).toEqual(CONTROL_TOKENS);
  expect(tokenizer.encode("a<|end|>b")).toEqual([97, END, 98]);
  expect(tokenizer.endTokens).toEqual(new Set([END]));
});

test("every end token that a file names ends an answer", () => {
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const bytes = new Map(files.bytes)
    .set("generation_config.json", json({ eos_token_id: [258, END] }))
    .set("config.json", json({ eos_token_id: 257 }));
  expect(new Tokenizer({ ...files, bytes }).endTokens).toEqual(new Set([256, 257, 258]));
});

test("the template leaves the answer open", () => {
  const messages = [
    { role: "system", content: "short" },
    { role: "user", content: "hi" },
  ] as const;
  expect(tokenizer.render(messages)).toBe("<|system|>short<|end|><|user|>hi<|end|><|assistant|>");
});

test("a template in a file of its own is used", () => {
  const bytes = new Map(files.bytes).set("chat_template.jinja", new TextEncoder().encode("{{ messages[0].content }}!"));
  expect(new Tokenizer({ ...files, bytes }).render([{ role: "user", content: "hi" }])).toBe("hi!");
});

test("streamed text comes a whole character at a time", () => {
  expect(stream(tokenizer.encode("a😀é"))).toEqual(["a", "", "", "", "😀", "", "é", ""]);
});

test("streamed pieces join to the text decoded at once, whatever the bytes", () => {
  for (let seed = 0; seed < 50; seed++) {
    const tokens = Array.from({ length: 40 }, (_, i) => (seed * 7919 + i * i * 104729 + i * 31) % 259);
    expect(stream(tokens).join("")).toBe(tokenizer.decode(tokens));
  }
});

test("half a character at the end shows as what it is", () => {
  expect(stream(tokenizer.encode("x😀").slice(0, 3))).toEqual(["x", "", "", "\ufffd"]);
});

test("a model without tokenizer, template or end token is refused by name", () => {
  expect(() => new Tokenizer(without("tokenizer.json"))).toThrow(/tokenizer\.json/);
  const config = (value: object) =>
    new Map(files.bytes).set("tokenizer_config.json", new TextEncoder().encode(JSON.stringify(value)));
  expect(() => new Tokenizer({ ...files, bytes: config({ eos_token: "<|end|>" }) })).toThrow(/chat template/);
  const endless = config({ chat_template: "x" });
  endless.delete("generation_config.json");
  expect(() => new Tokenizer({ ...files, bytes: endless })).toThrow(/end token/);
});

test("a file that is not JSON is damaged", () => {
  const bytes = new Map(files.bytes).set("tokenizer.json", new TextEncoder().encode("<!doctype html>"));
  expect(() => new Tokenizer({ ...files, bytes })).toThrow(expect.objectContaining({ code: "file-damaged" }));
});
