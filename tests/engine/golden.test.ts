/** @file The embedded models, in onnxruntime-web, say greedily what Hugging Face transformers says: all tokens (golden-cases.ts). */
import { expect, test } from "vitest";
import { goldenCases } from "./golden-cases.ts";
import { EMBEDDED, loadKitten } from "./kitten.ts";
import { wasmRuntime } from "./ort-wasm.ts";
import { collect } from "./suite.ts";

const GREEDY = { temperature: 0, topK: null, topP: null };
const NOISE = { seed: 0, group: 0, purpose: "rollout", rollout: 0 } as const;

test.each(EMBEDDED)(
  "%s says what transformers says",
  async (id) => {
    const model = await loadKitten(await wasmRuntime(), id);
    for (const { skill, user, tokens } of await goldenCases(id)) {
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
