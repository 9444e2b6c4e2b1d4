/**
 * @file The embedded models, in onnxruntime-web, say greedily what Hugging Face transformers says from model.safetensors: all tokens, for prompts
 * of every skill. The tokens come with each export (models/recipes/golden.py); where an answer would hang on rounding, another prompt was taken.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EMBEDDED, loadKitten } from "./kitten.ts";
import { wasmRuntime } from "./ort-wasm.ts";
import { collect } from "./suite.ts";

interface GoldenCase {
  readonly model: string;
  readonly skill: string;
  /** The message of the user. */
  readonly user: string;
  /** Up to the end, or a limit. */
  readonly tokens: readonly number[];
}

const FEWEST: Readonly<Record<string, number>> = { kitten: 50, "kitten-judge": 10 };
const GREEDY = { temperature: 0, topK: null, topP: null };
const NOISE = { seed: 0, group: 0, purpose: "rollout", rollout: 0 } as const;

const lines = (await readFile(join(import.meta.dirname, "golden-kitten.jsonl"), "utf8")).trim().split("\n");
const golden = lines.map((line) => JSON.parse(line) as GoldenCase);

test.each(EMBEDDED)(
  "%s says what transformers says",
  async (id) => {
    const cases = golden.filter(({ model }) => model === id);
    expect(cases.length).toBeGreaterThanOrEqual(FEWEST[id] ?? Infinity);
    const model = await loadKitten(await wasmRuntime(), id);
    for (const { skill, user, tokens } of cases) {
      const prompt = model.render([{ role: "user", content: user }]);
      const request = { prompt, n: 1, noise: NOISE, sampling: GREEDY, maxTokens: tokens.length };
      const [row] = await collect(model, request);
      expect(
        row!.map(({ token }) => token),
        `${skill}: ${user}`,
      ).toEqual(tokens);
    }
    await model.dispose();
  },
  60_000,
);
