/** @file What the engine must do on every device, as one function: it runs in Node and in a page and gives plain data, which node tests judge. */
import type { LanguageModel, NoiseSource, SampledToken, Sampling, TokenScores } from "../../src/cat/models.ts";

export interface SuiteResult {
  /** Tokens of each row, [rows][tokens], by case. */
  readonly cases: Readonly<Record<CaseName, readonly (readonly SampledToken[])[]>>;
  /** [prompts][choices] */
  readonly decided: readonly (readonly number[])[];
  /** A short text, and one of more than a chunk. */
  readonly scored: readonly TokenScores[];
}

export type CaseName = "eight" | "four" | "fifthAlone" | "greedy" | "topK" | "topP" | "longPrompt";

const NOISE: NoiseSource = { seed: 7, group: 3, purpose: "rollout", rollout: 0 };
const PLAIN: Sampling = { temperature: 1, topK: null, topP: null };

/** About 60 decode steps and 12 prefills. */
export async function engineSuite(model: LanguageModel): Promise<SuiteResult> {
  const prompt = model.render([{ role: "user", content: "Four boxes of six eggs. How many eggs?" }]);
  const long = model.render([{ role: "user", content: "One bag holds 12 pens and costs 3 coins. ".repeat(5) }]);
  const rows = (n: number, rollout: number, sampling: Sampling, text = prompt): Promise<SampledToken[][]> =>
    collect(model, { prompt: text, n, noise: { ...NOISE, rollout }, sampling, maxTokens: 12 });
  return {
    cases: {
      eight: await rows(8, 0, PLAIN),
      four: await rows(4, 0, PLAIN),
      fifthAlone: await rows(1, 5, PLAIN),
      greedy: await rows(1, 0, { ...PLAIN, temperature: 0 }),
      topK: await rows(4, 0, { temperature: 0.8, topK: 5, topP: null }),
      topP: await rows(4, 0, { temperature: 1.2, topK: null, topP: 0.9 }),
      longPrompt: await rows(4, 0, PLAIN, long),
    },
    decided: await model.decide([prompt, long], ["1", "2"]),
    scored: await model.score([
      { prompt, continuation: "4 × 6 = 24.", top: 3 },
      { prompt: long, continuation: "One bag holds 12 pens and costs 3 coins. So four bags hold 48 pens." },
    ]),
  };
}

/** @returns the tokens of each row, in order. */
export async function collect(
  model: LanguageModel,
  request: Parameters<LanguageModel["generate"]>[0][number],
): Promise<SampledToken[][]> {
  const rows = Array.from({ length: request.n }, (): SampledToken[] => []);
  for await (const token of model.generate([request])) rows[token.row]!.push(token);
  return rows;
}
