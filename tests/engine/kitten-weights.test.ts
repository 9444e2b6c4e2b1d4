/** @file The embedded models by the weights of model.safetensors, as a policy in training starts: they say what transformers and the graphs that ship say. */
import { describe, expect, test } from "vitest";
import { OnnxLanguageModel } from "../../src/engine/language-model.ts";
import { weightFile } from "../../src/engine/load-decoder.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import { selfTest } from "../../src/engine/self-test.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { goldenCases } from "./golden-cases.ts";
import { expectSame, ROUNDING } from "./judge-weights.ts";
import { EMBEDDED, kittenFiles } from "./kitten.ts";
import { ask } from "./weight-suite.ts";

const runtime = await nodeRuntime();

describe.each(EMBEDDED)("%s", async (id) => {
  const { files, entry } = await kittenFiles(id);
  const file = weightFile(files);

  async function opened() {
    const graph = await RenewableGraph.create(runtime, files, { weights: "inputs", reload: null });
    const weights = await WeightSet.create(runtime, graph.weightInputs, file);
    return { graph, weights, session: Session.withWeights(graph, weights) };
  }

  test("every tensor feeds one weight, and the graph keeps none", async () => {
    const { graph, weights, session } = await opened();
    expect(graph.weightInputs.flatMap(({ tensors }) => tensors).toSorted()).toEqual([...file.shapes.keys()].toSorted());
    expect(graph.bytes).toBeLessThan(30_000);
    const parameters = [...file.shapes.values()].reduce((sum, [a, b = 1]) => sum + a! * b, 0);
    expect(weights.bytes).toBe(4 * parameters);
    expect(session.weightBytes).toBe(graph.bytes + weights.bytes);
    weights.dispose();
    await graph.dispose();
  });

  test("says greedily what transformers says, all prompts in one batch, and passes its self-test", async () => {
    const { graph, weights, session } = await opened();
    const tokenizer = new Tokenizer(files);
    await selfTest(session, tokenizer, entry.selfTest);
    const record = { id, revision: null, dtype: "fp32", device: "node", files: [] } as const;
    const model = new OnnxLanguageModel({ session, tokenizer, contextLength: entry.contextLength }, entry, record);
    const cases = await goldenCases(id);
    const said = cases.map((): number[] => []);
    const requests = cases.map(({ user, tokens }) => ({
      prompt: model.render([{ role: "user", content: user }]),
      n: 1,
      noise: { seed: 0, group: 0, purpose: "rollout", rollout: 0 } as const,
      sampling: { temperature: 0, topK: null, topP: null },
      maxTokens: tokens.length,
    }));
    for await (const { request, token } of model.generate(requests)) said[request]!.push(token);
    expect(said).toEqual(cases.map(({ tokens }) => tokens));
    weights.dispose();
    await graph.dispose();
  }, 60_000);

  test("at step 0, tokens and log-probabilities are those of the graph that ships", async () => {
    const { graph, weights, session } = await opened();
    const shipped = await Session.create(runtime, files);
    const decoder = { tokenizer: new Tokenizer(files), contextLength: entry.contextLength };
    const expected = await ask({ ...decoder, session: shipped });
    expectSame(await ask({ ...decoder, session }), expected, ROUNDING.embedded);
    await shipped.dispose();
    weights.dispose();
    await graph.dispose();
  });
});
