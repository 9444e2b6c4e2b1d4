/** @file What tokens add to a text, against what the tokenizer itself says: byte-level, SentencePiece with bytes, and what is neither. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { readTokenBytes, type VocabularyJson } from "../../src/engine/token-bytes.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { randomLlama } from "./random-llama.ts";

const KITTEN = join(import.meta.dirname, "..", "..", "models", "kitten");
const decoder = new TextDecoder();

/** As Llama 2 and Gemma write it; `Strip` takes the leading space of a text, so tokens are asked behind another. */
function sentencePieces(decoders: readonly object[], unigram = false): VocabularyJson {
  const pieces = ["<unk>", "<s>", "</s>", "a", "▁the", "▁", "▁▁▁", "é", "<0xE2>", "<0x80>", "<0xA6>", "<0x41>", "x▁y"];
  const vocab = Object.fromEntries(pieces.map((piece, token) => [piece, token]));
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: "1.0",
    added_tokens: [
      ...["<unk>", "<s>", "</s>"].map((content, id) => ({ id, content, ...special })),
      { ...special, id: 13, content: "\n\n", special: false },
    ],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: "Sequence", decoders },
    model: unigram
      ? { type: "Unigram", unk_id: 0, vocab: pieces.map((piece) => [piece, -1] as const) }
      : { type: "BPE", vocab, merges: [], byte_fallback: true, unk_token: "<unk>" },
  } as object as VocabularyJson;
}

const LLAMA_2 = [
  { type: "Replace", pattern: { String: "▁" }, content: " " },
  { type: "ByteFallback" },
  { type: "Fuse" },
  { type: "Strip", content: " ", start: 1, stop: 0 },
];

function files(json: unknown, config: object): ModelFiles {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return {
    records: [],
    bytes: new Map([
      ["tokenizer.json", bytes(json)],
      ["tokenizer_config.json", bytes({ tokenizer_class: "PreTrainedTokenizerFast", chat_template: "x", ...config })],
    ]),
  };
}

async function kitten(): Promise<[VocabularyJson, Tokenizer]> {
  const read = async (name: string) => JSON.parse(await readFile(join(KITTEN, name), "utf8")) as never;
  const json: VocabularyJson = await read("tokenizer.json");
  return [json, new Tokenizer(files(json, await read("tokenizer_config.json")))];
}

function random(): [VocabularyJson, Tokenizer] {
  const all = randomLlama();
  return [JSON.parse(decoder.decode(all.bytes.get("tokenizer.json"))) as VocabularyJson, new Tokenizer(all)];
}

function llama2(): [VocabularyJson, Tokenizer] {
  const json = sentencePieces(LLAMA_2);
  return [json, new Tokenizer(files(json, { eos_token: "</s>", unk_token: "<unk>" }))];
}

describe.each([
  ["kitten", kitten, 2048],
  ["the random model", random, 259],
  ["SentencePiece", llama2, 14],
] as const)("%s", (_name, open, size) => {
  test("each token's bytes are what it adds to a text", async () => {
    const [json, tokenizer] = await open();
    const { bytes, starts } = readTokenBytes(json);
    expect(starts).toHaveLength(size + 1);
    const special = new Set(json.added_tokens!.filter((token) => token.special === true).map(({ id }) => id));
    const [a] = tokenizer.encode("a");
    for (let token = 0; token < size; token++) {
      const own = bytes.subarray(starts[token], starts[token + 1]);
      if (special.has(token)) expect(own, `token ${token}`).toHaveLength(0);
      // The tokenizer shows bytes that are no character as U+FFFD, as any decoder does.
      else expect(`a${decoder.decode(own)}`, `token ${token}`).toBe(tokenizer.decode([a!, token]));
    }
  });
});

test("bytes of a character that is spread over tokens join to it", () => {
  for (const [json, text] of [
    [random()[0], [0xe2, 0x80, 0xa6]],
    [sentencePieces(LLAMA_2), [8, 9, 10]],
    [sentencePieces([{ type: "ByteFallback" }, { type: "Metaspace", replacement: "▁" }], true), [8, 9, 10]],
  ] as const) {
    const { bytes, starts } = readTokenBytes(json);
    const joined = text.flatMap((token) => [...bytes.subarray(starts[token], starts[token + 1])]);
    expect(decoder.decode(Uint8Array.from(joined))).toBe("…");
  }
});

test("without byte fallback, <0x41> is five letters and not a byte", () => {
  const { bytes, starts } = readTokenBytes(sentencePieces([{ type: "Metaspace", replacement: "▁" }]));
  expect(decoder.decode(bytes.subarray(starts[11], starts[12]))).toBe("<0x41>");
});

test("a vocabulary of another kind is refused by name", () => {
  const words = { ...sentencePieces([]), decoder: { type: "WordPiece" } };
  expect(() => readTokenBytes(words)).toThrow(expect.objectContaining({ code: "model-unsupported" }));
  expect(() => readTokenBytes(words)).toThrow(/WordPiece/);
});
