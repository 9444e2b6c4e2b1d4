/** @file `bench engine`: our engine beside transformers.js, as ratios of times taken in turn on one page. */
import { join } from "node:path";
import type { AdapterRecord } from "../src/run/event.ts";
import type { Tokenizer } from "../src/engine/tokenizer.ts";
import { onBenchPage } from "./bench-page.ts";
import { CASES, type CaseName, type EngineRequest } from "./bench-page/cases.ts";
import { embeddedTokenizer } from "./embedded.ts";
import { QWEN_VOCABULARY, writeQwenShape } from "./qwen-shape.ts";

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

const CRITERIA = 8;
const QUESTION = "Ann has 12 pens. She buys 3 bags of 4 pens and gives 5 away. How many pens does Ann have?";

type Asked = Omit<EngineRequest, "device" | "rollouts" | "pairs">;

export async function runBenchEngine(
  { rollouts, model, device, pairs }: EngineSettings,
  progress: (share: number) => void,
): Promise<EngineBenchmark> {
  const asked = model === "embedded" ? await embedded(rollouts) : qwenShape(rollouts);
  const layers = device === "webgpu" ? 2 : 4;
  const { seconds, ...rest } = await onBenchPage(
    device,
    (page) => page.evaluate((all) => globalThis.benchEngineHere(all), { ...asked, device, rollouts, pairs }),
    {
      progress,
      prepare: async (site) => {
        if (model === "qwen-shape") await writeQwenShape(join(site, "models", QWEN_SHAPE), layers);
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
    `prompt of ${asked.prompt.length} tokens, ${asked.newTokens} new ones; ${asked.cells.length} cells of ${asked.cells[0]!.length} tokens or about so many`,
    `calls one after another: ${Math.min(asked.calls.rollouts, rollouts)} of ${rollouts} stand for all; cells: ${asked.calls.cells} of ${asked.cells.length} stand for all`,
    ...(model === "qwen-shape" ? [`${layers} layers of Qwen3-0.6B's 28, random weights`] : []),
  ];
  return { device, model, rollouts, cases, ratios, notes, ...rest };
}

/** A question, and a judge's matrix of made-up answers and criteria: what they say does not matter to the time. */
async function embedded(rollouts: number): Promise<Asked> {
  const [policy, judge] = [await embeddedTokenizer("kitten"), await embeddedTokenizer("kitten-judge")];
  const asked = (tokenizer: Tokenizer, content: string): number[] =>
    tokenizer.encode(tokenizer.render([{ role: "user", content }]));
  const sentences = ["Rest in bed.", "Drink a lot of water.", "Call a doctor if it gets worse.", "Eat light meals."];
  const answer = (i: number): string => Array.from({ length: 8 }, (_, k) => sentences[(i + k) % 4]).join(" ");
  const cell = (i: number, k: number): string =>
    `${answer(i)}\nTells you to ${["rest", "drink", "eat", "sleep"][k % 4]} (${k}).`;
  const cells = matrix(rollouts, (i, k) => asked(judge, cell(i, k)));
  const choices = ["yes", "no"].map((choice) => judge.encode(choice)[0]!);
  const files = (id: string) => ({ id, dtype: "q8" as const, paths: ["onnx/model_quantized.onnx", "config.json"] });
  const calls = { rollouts: 2, cells: 4 };
  const prompt = asked(policy, QUESTION);
  return { newTokens: 32, policy: files("kitten"), judge: files("kitten-judge"), prompt, cells, choices, calls };
}

const QWEN_SHAPE = "qwen-shape";

/** Few tokens: a step of it takes seconds on a software adapter. */
function qwenShape(rollouts: number): Asked {
  const tokens = (length: number, seed: number): number[] =>
    Array.from({ length }, (_, i) => (7919 * (i + 1) * (seed + 1)) % QWEN_VOCABULARY);
  const cells = matrix(rollouts, (i, k) => [...tokens(24, i + 1), ...tokens(8, 100 + k)]);
  const paths = ["onnx/model_q4.onnx", "onnx/model_q4.onnx_data", "config.json"];
  const model = { id: QWEN_SHAPE, dtype: "q4" as const, paths };
  const calls = { rollouts: 1, cells: 1 };
  return { newTokens: 8, policy: model, judge: model, prompt: tokens(32, 0), cells, choices: [100, 200], calls };
}

function matrix(rollouts: number, cell: (i: number, k: number) => number[]): number[][] {
  return Array.from({ length: rollouts }, (_, i) => Array.from({ length: CRITERIA }, (_, k) => cell(i, k))).flat();
}

function ratio(peer: readonly number[], own: readonly number[]): Ratio {
  const each = peer.map((seconds, pair) => seconds / own[pair]!);
  return { median: median(each), min: Math.min(...each), max: Math.max(...each), pairs: each.length };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
