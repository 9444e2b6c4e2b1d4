/**
 * @file One graph under several sets of weights, beside sessions whose weights are in their graphs: says what each of them says. Runs in Node and in
 * a page, and gives plain data, which node tests judge.
 */
import type { GenerateRequest, SampledToken } from "../../src/cat/models.ts";
import { decide } from "../../src/engine/decide.ts";
import { type Decoder, generate } from "../../src/engine/generate.ts";
import { weightFile } from "../../src/engine/load-decoder.ts";
import type { Feeds } from "../../src/engine/ort.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { score } from "../../src/engine/score.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { randomLlama } from "./random-llama.ts";

/** What a model says to a few requests. */
export interface Said {
  readonly rows: readonly (readonly SampledToken[])[];
  readonly scored: readonly number[];
  readonly decided: readonly number[];
}

export interface WeightFindings {
  /** Sessions with the weights in their graphs. */
  readonly plain: Said;
  readonly otherPlain: Said;
  /** One graph, two sets: at step 0. */
  readonly policy: Said;
  /** With one weight changed, and with all of them: the other model's. */
  readonly oneChanged: Said;
  readonly allChanged: Said;
  /** The second set afterwards, and both at once. */
  readonly frozen: Said;
  readonly together: readonly [policy: Said, frozen: Said];
}

const REQUESTS: readonly GenerateRequest[] = [
  {
    prompt: "Four boxes of six eggs. How many?",
    n: 3,
    noise: { seed: 7, group: 3, purpose: "rollout", rollout: 0 },
    sampling: { temperature: 1, topK: null, topP: null },
    maxTokens: 5,
  },
  {
    prompt: "Two bags.",
    n: 1,
    noise: { seed: 7, group: 4, purpose: "rollout", rollout: 0 },
    sampling: { temperature: 0, topK: null, topP: null },
    maxTokens: 5,
  },
];

export async function weightSuite(runtime: Runtime): Promise<WeightFindings> {
  const files = randomLlama();
  const otherFiles = randomLlama({ salt: "other" });
  const tokenizer = new Tokenizer(files);
  const asked = (session: Session): Promise<Said> => ask({ session, tokenizer, contextLength: 400 });
  const plainly = async (ofFiles: typeof files): Promise<Said> => {
    const session = await Session.create(runtime, ofFiles);
    const said = await asked(session);
    await session.dispose();
    return said;
  };
  const graph = await RenewableGraph.create(runtime, files, { weights: "inputs", reload: null });
  const [trained, start, other] = await Promise.all(
    [files, files, otherFiles].map((of) => WeightSet.create(runtime, graph.weightInputs, weightFile(of))),
  );
  const policySession = Session.withWeights(graph, trained!);
  const frozenSession = Session.withWeights(graph, start!);
  const policy = await asked(policySession);
  copy(runtime, other!.tensors, trained!.tensors, ["lm_head.weight"]);
  const oneChanged = await asked(policySession);
  copy(runtime, other!.tensors, trained!.tensors, Object.keys(trained!.tensors));
  const allChanged = await asked(policySession);
  const frozen = await asked(frozenSession);
  const together = await Promise.all([asked(policySession), asked(frozenSession)]);
  const found = { plain: await plainly(files), otherPlain: await plainly(otherFiles) };
  await frozenSession.dispose();
  for (const set of [trained!, start!, other!]) set.dispose();
  await graph.dispose();
  return { ...found, policy, oneChanged, allChanged, frozen, together };
}

export async function ask(decoder: Decoder): Promise<Said> {
  const rows: SampledToken[][] = [[], [], [], []];
  for await (const token of generate(decoder, REQUESTS)) rows[3 * token.request + token.row]!.push(token);
  const [decided] = await decide(decoder, { prompts: ["Is it so?"], choices: ["y", "n"] });
  return { rows, scored: await scored(decoder), decided: decided! };
}

/** Log-probabilities of a text. */
export async function scored(decoder: Decoder): Promise<readonly number[]> {
  const [scores] = await score(decoder, [{ prompt: "One bag", continuation: " holds 12 pens." }]);
  return scores!.logprobs;
}

/** As a trainer does it: where the weights are. */
function copy({ gpu }: Runtime, from: Feeds, to: Feeds, names: readonly string[]): void {
  for (const name of names) {
    const [source, target] = [from[name]!, to[name]!];
    if (gpu === null) (target.data as Float32Array).set(source.data as Float32Array);
    else {
      const encoder = gpu.createCommandEncoder();
      encoder.copyBufferToBuffer(source.gpuBuffer, 0, target.gpuBuffer, 0, target.gpuBuffer.size);
      gpu.queue.submit([encoder.finish()]);
    }
  }
}
