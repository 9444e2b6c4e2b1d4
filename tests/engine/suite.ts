/** @file What the engine must do on every device, as one function: it runs in Node and in a page and gives plain data, which node tests judge. */
import type {
  GenerateRequest,
  Grammar,
  LanguageModel,
  NoiseSource,
  SampledToken,
  Sampling,
  TokenScores,
} from "../../src/cat/models.ts";

export interface SuiteResult {
  /** Tokens of each row, [rows][tokens], by case. */
  readonly cases: Readonly<Record<CaseName, readonly (readonly SampledToken[])[]>>;
  /** [prompts][choices] */
  readonly decided: readonly (readonly number[])[];
  /** A judge's matrix: criteria of unequal length about two answers, [cells][choices], in one call and each by itself. */
  readonly judged: { readonly together: Table; readonly alone: Table };
  /** A short text, and one of more than a chunk. */
  readonly scored: readonly TokenScores[];
  /** Two rows of each of twenty seeds, of prompts of many lengths, [rows][tokens]: asked for in one call, in calls that overlap, and each by itself. */
  readonly seeds: { readonly together: Rows; readonly overlapping: Rows; readonly alone: Rows };
}

type Table = readonly (readonly number[])[];
type Rows = readonly (readonly SampledToken[])[];

export type CaseName =
  | "eight"
  | "four"
  | "fifthAlone"
  | "greedy"
  | "topK"
  | "topP"
  | "longPrompt"
  | "penalised"
  | "digits"
  | "digitsBesideFree";

const NOISE: NoiseSource = { seed: 7, group: 3, purpose: "rollout", rollout: 0 };
const PLAIN: Sampling = { temperature: 1, topK: null, topP: null };

/** Digits and no more; it may end anywhere. */
const DIGITS: Grammar = { next: (c) => (/^\d$/.test(c) ? DIGITS : null), room: 0, ending: "", owed: 0 };

/** About 250 decode steps and 80 prefills. */
export async function engineSuite(model: LanguageModel): Promise<SuiteResult> {
  const prompt = model.render([{ role: "user", content: "Four boxes of six eggs. How many eggs?" }]);
  const long = model.render([{ role: "user", content: "One bag holds 12 pens and costs 3 coins. ".repeat(5) }]);
  const request = (n: number, rollout: number, sampling: Sampling, text = prompt): GenerateRequest => {
    return { prompt: text, n, noise: { ...NOISE, rollout }, sampling, maxTokens: 12 };
  };
  const rows = (...of: Parameters<typeof request>): Promise<SampledToken[][]> => collect(model, request(...of));
  const digits = { ...request(3, 0, PLAIN), grammar: DIGITS };
  return {
    cases: {
      eight: await rows(8, 0, PLAIN),
      four: await rows(4, 0, PLAIN),
      fifthAlone: await rows(1, 5, PLAIN),
      greedy: await rows(1, 0, { ...PLAIN, temperature: 0 }),
      topK: await rows(4, 0, { temperature: 0.8, topK: 5, topP: null }),
      topP: await rows(4, 0, { temperature: 1.2, topK: null, topP: 0.9 }),
      longPrompt: await rows(4, 0, PLAIN, long),
      penalised: await rows(4, 0, { ...PLAIN, repetitionPenalty: 1.5 }),
      digits: await collect(model, digits),
      digitsBesideFree: await collect(model, digits, [request(2, 0, PLAIN, long)]),
    },
    decided: await model.decide([prompt, long], ["1", "2"]),
    judged: await judged(model),
    scored: await model.score([
      { prompt, continuation: "4 × 6 = 24.", top: 3 },
      { prompt: long, continuation: "One bag holds 12 pens and costs 3 coins. So four bags hold 48 pens." },
    ]),
    seeds: await seeds(model),
  };
}

async function judged(model: LanguageModel): Promise<SuiteResult["judged"]> {
  const answers = ["Six eggs in each of four boxes make 24 eggs. ".repeat(2), "There are ten."];
  const criteria = [
    "Says 24.",
    "Multiplies four by six.",
    "Says how many boxes there are, and that each holds six eggs.",
  ];
  const cells = answers.flatMap((answer) => criteria.map((criterion) => `${answer}\nCriterion: ${criterion}`));
  const prompts = cells.map((content) => model.render([{ role: "user", content }]));
  const alone: (readonly number[])[] = [];
  for (const prompt of prompts) alone.push(...(await model.decide([prompt], ["1", "2"])));
  return { together: await model.decide(prompts, ["1", "2"]), alone };
}

const SEEDS = 20;

async function seeds(model: LanguageModel): Promise<SuiteResult["seeds"]> {
  const requests = Array.from({ length: SEEDS }, (_, seed): GenerateRequest => {
    const prompt = model.render([{ role: "user", content: "How many eggs? ".repeat(1 + (seed % 4)) }]);
    const sampling = { temperature: 1 + 0.1 * (seed % 3), topK: seed % 5 === 0 ? 20 : null, topP: null };
    return { prompt, n: 2, noise: { ...NOISE, seed }, sampling, maxTokens: 3 + (seed % 4) };
  });
  const together = requests.map((): SampledToken[][] => [[], []]);
  for await (const token of model.generate(requests)) together[token.request]![token.row]!.push(token);
  const overlapping = await Promise.all(requests.map((request) => collect(model, request)));
  const alone: SampledToken[][] = [];
  for (const request of requests) {
    for (const row of [0, 1]) {
      const noise = { ...request.noise, rollout: request.noise.rollout + row };
      alone.push(...(await collect(model, { ...request, n: 1, noise })));
    }
  }
  return { together: together.flat(), overlapping: overlapping.flat(), alone };
}

/** @returns the tokens of each row, in order; those of others that decode beside it are left out. */
export async function collect(
  model: LanguageModel,
  request: GenerateRequest,
  others: readonly GenerateRequest[] = [],
): Promise<SampledToken[][]> {
  const rows = Array.from({ length: request.n }, (): SampledToken[] => []);
  for await (const token of model.generate([request, ...others])) {
    if (token.request === 0) rows[token.row]!.push(token);
  }
  return rows;
}
