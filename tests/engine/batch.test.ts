/** @file Many requests at once: more rows than a batch holds, prompts and answers of unequal length. Each gives what it gives alone. */
import { afterAll, expect, test } from "vitest";
import type { GenerateRequest, SampledToken } from "../../src/cat/models.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";
import { collect } from "./suite.ts";

const runtime = await nodeRuntime();
const model = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
afterAll(() => model.dispose());

/** 130 rows, of which a batch holds 64; the third has more than that by itself. */
const REQUESTS = [12, 9, 70, 1, 20, 18].map((n, group): GenerateRequest => ({
  prompt: `<|user|>${"word ".repeat(3 * group)}<|end|><|assistant|>`,
  n,
  noise: { seed: 4, group, purpose: "rollout", rollout: 0 },
  sampling: { temperature: 1 + 0.1 * group, topK: group === 1 ? 20 : null, topP: group === 2 ? 0.9 : null },
  maxTokens: 4 + 5 * group,
}));

test("rows of all requests give what they give alone, whoever left before or came after", async () => {
  const together = REQUESTS.map(({ n }) => Array.from({ length: n }, (): SampledToken[] => []));
  for await (const token of model.generate(REQUESTS)) together[token.request]![token.row]!.push(token);
  let [same, rows] = [0, 0];
  for (const [index, request] of REQUESTS.entries()) {
    for (const [row, alone] of (await collect(model, request)).entries()) {
      rows++;
      const found = together[index]![row]!;
      const at = alone.findIndex(({ token }, i) => found[i]?.token !== token);
      if (at === -1) {
        expect(found).toHaveLength(alone.length);
        for (const [i, { logprob, ended }] of alone.entries()) {
          expect(Math.abs(found[i]!.logprob - logprob)).toBeLessThan(1e-4);
          expect(found[i]!.ended).toBe(ended);
        }
        same++;
      } else expect(alone[at]!.margin, `request ${index} row ${row} token ${at}`).toBeLessThan(1e-3);
    }
  }
  expect(same / rows).toBeGreaterThanOrEqual(0.95);
});

test("a row ends once, by its end token or its length", async () => {
  const ends = new Map<string, SampledToken["ended"]>();
  const counts = new Map<string, number>();
  for await (const { request, row, ended } of model.generate(REQUESTS)) {
    const name = `${request}/${row}`;
    expect(ends.get(name)).toBeUndefined();
    if (ended !== null) ends.set(name, ended);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(ends.size).toBe(REQUESTS.reduce((sum, { n }) => sum + n, 0));
  for (const [name, ended] of ends) {
    const { maxTokens } = REQUESTS[Number(name.split("/")[0])]!;
    if (ended === "length") expect(counts.get(name)).toBe(maxTokens);
  }
});
