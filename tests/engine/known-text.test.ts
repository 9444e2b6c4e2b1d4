/** @file A general model that finds a text unlikely which stands in its own prompt computes garbage, and is not used. */
import { expect, test } from "vitest";
import { checkKnownText } from "../../src/engine/known-text.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { kittenFiles } from "./kitten.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";

const general = { promptSet: "default", domains: [], selfTest: undefined } as const;

test("random weights pass every check of the device, and fail this one", async () => {
  const runtime = await nodeRuntime();
  const files = randomLlama();
  await (await createLanguageModel({ runtime, files, entry: RANDOM_ENTRY })).dispose();
  const refused = createLanguageModel({ runtime, files, entry: { ...RANDOM_ENTRY, ...general } });
  await expect(refused).rejects.toMatchObject({ code: "self-test-failed" });
  await expect(refused).rejects.toThrow("perplexity");
});

test("trained ones pass with a text that they know, and fail with one that they do not", async () => {
  const { files, entry } = await kittenFiles("kitten");
  const tokenizer = new Tokenizer(files);
  const session = await Session.create(await nodeRuntime(), files);
  const decoder = { session, tokenizer, contextLength: entry.contextLength };
  await checkKnownText(decoder, "What is 2 + 3?", "2 plus 3: 2 + 3 = 5. \\boxed{5}");
  await expect(checkKnownText(decoder)).rejects.toMatchObject({ code: "self-test-failed" });
  await session.dispose();
});
