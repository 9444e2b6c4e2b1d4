/** @file `bench engine`: our engine beside transformers.js, as ratios of times taken in turn on one page. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdapterRecord } from "../src/run/event.ts";
import type { Tokenizer } from "../src/engine/tokenizer.ts";
import { onBenchPage } from "./bench-page.ts";
import { CASES, type CaseName, type EngineRequest } from "./bench-page/cases.ts";
import { embeddedTokenizer } from "./embedded.ts";
import { QWEN_VOCABULARY, writeQwenShape } from "./qwen-shape.ts";
import { median } from "./results/table.ts";
import { ROOT } from "./site.ts";

export interface EngineSettings {
  readonly rollouts: number;
  readonly model: "embedded" | "qwen-shape";
  readonly device: "webgpu" | "wasm";
  readonly pairs: number;
}

interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly pairs: number;
}

export interface EngineBenchmark {
  readonly device: string;
  readonly adapter: AdapterRecord | null;
  readonly model: EngineSettings["model"];
  readonly rollouts: number;
  /** Seconds: medians. */
  readonly cases: Readonly<Record<CaseName, { readonly seconds: number; readonly tokens: number }>>;
  readonly ratios: Readonly<Record<"sequential" | "batch" | "judge", Ratio>>;
  readonly bytesPerRowStep: number | null;
  readonly jsMsPerStep: number | null;
  readonly liveBuffers: number | null;
  /** What of each case was really run, and stands for the rest. */
  readonly notes: readonly string[];
}

/** As kitten writes them. */
const CRITERIA = [
  "Recommends staying in bed or taking it easy.",
  "Recommends water, tea or other drinks often.",
  "Mentions fever or pain medicine used as the packet says.",
  "Recommends staying at home so that nobody catches the flu.",
  "Recommends light food in small portions.",
  "Tells when a doctor should be called.",
  "Recommends fresh air in the bedroom.",
  "Warns of sport before one is well again.",
];
const RECORDED = "public/recorded/mild-flu.jsonl";
const QUESTION = "Ann has 12 pens. She buys 3 bags of 4 pens and gives 5 away. How many pens does Ann have?";

type Asked = Omit<EngineRequest, "device" | "rollouts" | "pairs">;

export async function runBenchEngine(
  { rollouts, model, device, pairs }: EngineSettings,
  progress: (share: number) => void,
): Promise<EngineBenchmark> {
  const asked = model === "embedded" ? await embedded(rollouts, device) : qwenShape(rollouts);
  const layers = device === "webgpu" ? 2 : 4;
  const { seconds, ...rest } = await onBenchPage(
    device,
    (page) => page.evaluate((all) => globalThis.benchEngineHere(all), { ...asked, device, rollouts, pairs }),
    {
      progress,
      prepare: async (site) => {
        if (model === "qwen-shape") await writeQwenShape(join(site, "models", QWEN_SHAPE), { layers, device });
      },
    },
  );
  const all = rollouts * asked.newTokens;
  const cases = Object.fromEntries(
    CASES.map((name) => {
      const tokens = name.startsWith("judge") ? asked.cells.length : all;
      return [name, { seconds: median(seconds[name]), tokens }];
    }),
  ) as EngineBenchmark["cases"];
  const ratios = {
    sequential: ratio(seconds.tjsSequential, seconds.oursPipelined),
    batch: ratio(seconds.tjsBatch, seconds.oursPipelined),
    judge: ratio(seconds.judgePerCell, seconds.judgeMatrix),
  };
  const notes = [
    `prompt of ${asked.prompt.length} tokens, ${asked.newTokens} new ones; ${asked.cells.length} cells of about ${asked.cells[0]!.length} tokens`,
    `really run, for all: ${asked.run.rollouts} of ${rollouts} rollouts one by one, ${asked.run.cells} of ${asked.cells.length} cells one by one, ${Math.min(asked.run.matrix, asked.cells.length)} of ${asked.cells.length} together`,
    ...(model === "qwen-shape" ? [`${layers} layers of Qwen3-0.6B's 28, random weights`] : []),
  ];
  return { device, model, rollouts, cases, ratios, notes, ...rest };
}

/** A question, and a judge's matrix of the answers of a recorded run and criteria of the same kind. */
async function embedded(rollouts: number, device: EngineSettings["device"]): Promise<Asked> {
  const [policy, judge] = [await embeddedTokenizer("kitten"), await embeddedTokenizer("kitten-judge")];
  const asked = (tokenizer: Tokenizer, content: string): number[] =>
    tokenizer.encode(tokenizer.render([{ role: "user", content }]));
  const answers = await recordedAnswers();
  const cell = (i: number, k: number): string =>
    // With more rollouts than were recorded, an answer comes again with its sentences the other way round.
    `${i < answers.length ? answers[i]! : turned(answers[i % answers.length]!)}\nCriterion: ${CRITERIA[k]!}`;
  const cells = matrix(rollouts, (i, k) => asked(judge, cell(i, k)));
  const choices = ["yes", "no"].map((choice) => judge.encode(choice)[0]!);
  const files = (id: string) => ({ id, dtype: "q8" as const, paths: ["onnx/model_quantized.onnx", "config.json"] });
  // A software adapter takes a second for every few tokens.
  const run =
    device === "wasm" ? { rollouts, cells: 8, matrix: cells.length } : { rollouts: 1, cells: 2, matrix: cells.length };
  const newTokens = device === "wasm" ? 64 : 16;
  const prompt = asked(policy, QUESTION);
  return { newTokens, policy: files("kitten"), judge: files("kitten-judge"), prompt, cells, choices, run };
}

/** @throws Error if the run has none */
async function recordedAnswers(): Promise<string[]> {
  const lines = (await readFile(join(ROOT, RECORDED), "utf8")).trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { type: string; text?: string });
  const answers = events.flatMap(({ type, text }) => (type === "rollout.finished" && text !== undefined ? [text] : []));
  if (answers.length === 0) throw new Error(`${RECORDED} has no rollouts: record it again`);
  return answers;
}

function turned(text: string): string {
  return text
    .split(/(?<=\.) /)
    .toReversed()
    .join(" ");
}

const QWEN_SHAPE = "qwen-shape";

/** Few tokens: a step of it takes seconds on a software adapter. */
function qwenShape(rollouts: number): Asked {
  const tokens = (length: number, seed: number): number[] =>
    Array.from({ length }, (_, i) => (7919 * (i + 1) * (seed + 1)) % QWEN_VOCABULARY);
  const cells = matrix(rollouts, (i, k) => [...tokens(96, i + 1), ...tokens(8, 100 + k)]);
  const paths = ["onnx/model_q4.onnx", "onnx/model_q4.onnx_data", "config.json"];
  const model = { id: QWEN_SHAPE, dtype: "q4" as const, paths };
  const run = { rollouts: 1, cells: 1, matrix: 16 };
  return { newTokens: 4, policy: model, judge: model, prompt: tokens(32, 0), cells, choices: [100, 200], run };
}

function matrix(rollouts: number, cell: (i: number, k: number) => number[]): number[][] {
  return Array.from({ length: rollouts }, (_, i) => CRITERIA.map((_, k) => cell(i, k))).flat();
}

function ratio(peer: readonly number[], own: readonly number[]): Ratio {
  const each = peer.map((seconds, pair) => seconds / own[pair]!);
  return { median: median(each), min: Math.min(...each), max: Math.max(...each), pairs: each.length };
}
